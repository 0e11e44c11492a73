// Hints to the processor and to the system's memory: they change how fast, and nothing else.

#define _GNU_SOURCE
#include "CProcessor.h"

#include <sys/mman.h>

void processor_prefer_large_pages(void *memory, size_t size) {
    (void)madvise(memory, size, MADV_HUGEPAGE);
}
