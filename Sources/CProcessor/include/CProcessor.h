#pragma once
#include <stddef.h>

/// Has the processor bring the line of its cache that holds this byte, which is about to be written
/// to. Any address will do: there is no fault.
static inline void processor_fetch(const void *_Nullable byte) { __builtin_prefetch(byte, 1, 3); }

/// Asks for large pages for some memory that nothing was written to yet; the system may not care.
void processor_prefer_large_pages(void *_Nonnull memory, size_t size);
