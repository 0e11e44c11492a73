#include "CInstructionCounter.h"
