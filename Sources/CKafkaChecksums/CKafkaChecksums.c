#include "CKafkaChecksums.h"
