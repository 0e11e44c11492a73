// All places of a byte: how lines are found. On the hot path: each byte of the input is looked at
// here first.
//
// `memchr` is called once for each line, and lines are of any length, so that the processor
// mispredicts how each search ends: 17 ns a line of 20 to 180 bytes. A search of 64 bytes at a time
// that never asks where in them a line ends takes 5 ns.

#include "CByteSearch.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

/// How many bytes are searched at once, and so how many places may be found at once.
#define BLOCK 64

size_t byte_search_all_portable(
    const uint8_t *bytes, size_t size, size_t start, uint8_t byte, intptr_t *places, size_t capacity
) {
    size_t count = 0;
    const uint8_t *next = bytes + start, *end = bytes + size;
    while (count + BLOCK <= capacity) {
        const uint8_t *found = next < end ? memchr(next, byte, (size_t)(end - next)) : NULL;
        if (!found) return count;
        places[count++] = found - bytes;
        next = found + 1;
    }
    return count;
}

typedef size_t (*implementation)(
    const uint8_t *bytes, size_t size, size_t start, uint8_t byte, intptr_t *places, size_t capacity
);

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi,popcnt")))

/// A bit for each of 64 bytes: whether it is the one that is looked for.
AVX2 static uint64_t matches(const uint8_t *bytes, __m256i wanted) {
    __m256i low = _mm256_loadu_si256((const __m256i *)bytes);
    __m256i high = _mm256_loadu_si256((const __m256i *)(bytes + 32));
    uint32_t first = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted));
    uint32_t second = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted));
    return first | (uint64_t)second << 32;
}

AVX2 static size_t all_by_avx2(
    const uint8_t *bytes, size_t size, size_t start, uint8_t byte, intptr_t *places, size_t capacity
) {
    __m256i wanted = _mm256_set1_epi8((char)byte);
    size_t count = 0;
    for (; start + BLOCK <= size && count + BLOCK <= capacity; start += BLOCK) {
        uint64_t found = matches(bytes + start, wanted);
        // Two are noted in any case, and counted if they are there: no branch to mispredict.
        intptr_t *next = places + count;
        count += (size_t)__builtin_popcountll(found);
        next[0] = (intptr_t)(start + _tzcnt_u64(found));
        found = _blsr_u64(found);
        next[1] = (intptr_t)(start + _tzcnt_u64(found));
        found = _blsr_u64(found);
        for (next += 2; found; found = _blsr_u64(found)) {
            *next++ = (intptr_t)(start + _tzcnt_u64(found));
        }
    }
    if (start + BLOCK <= size) return count;
    return count +
           byte_search_all_portable(bytes, size, start, byte, places + count, capacity - count);
}

static implementation best(void) {
    bool has_all = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                   __builtin_cpu_supports("popcnt");
    return has_all ? all_by_avx2 : byte_search_all_portable;
}

#else

static implementation best(void) { return byte_search_all_portable; }

#endif

static implementation chosen;
static pthread_once_t choice_made = PTHREAD_ONCE_INIT;

static void choose(void) { chosen = best(); }

size_t byte_search_all(
    const uint8_t *bytes, size_t size, size_t start, uint8_t byte, intptr_t *places, size_t capacity
) {
    pthread_once(&choice_made, choose);
    return chosen(bytes, size, start, byte, places, capacity);
}
