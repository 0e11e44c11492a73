#pragma once
#include <stddef.h>
#include <stdint.h>

/// Finds one place after another at which a byte stands, from `start` on.
///
/// It finds them all, or stops where fewer than 64 of `capacity` are left, which has to be 128 at
/// least: all that stand before the last one found are among them.
///
/// Returns how many there are. What lies behind them in `places` may have been written to.
size_t byte_search_all(
    const uint8_t *bytes, size_t size, size_t start, uint8_t byte, intptr_t *places, size_t capacity
);

/// The same with the C library's `memchr`; what processors without AVX2 run.
size_t byte_search_all_portable(
    const uint8_t *bytes, size_t size, size_t start, uint8_t byte, intptr_t *places, size_t capacity
);
