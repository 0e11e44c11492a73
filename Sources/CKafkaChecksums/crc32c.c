// CRC-32C, the checksum of Kafka's record batches: the Castagnoli polynomial, reflected, with all
// bits of the register set before the first byte and inverted after the last.
//
// Three implementations, of which the first call chooses one:
//
//   x86-64 with SSE 4.2 and PCLMULQDQ   three streams at once
//   ARMv8 with the CRC32 extension      one stream
//   any                                 tables, eight bytes a step
//
// The functions for a processor are compiled for it by an attribute, so the build needs no flag
// and the program runs on processors without the instructions.

#include "CKafkaChecksums.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

/// The polynomial, its bits reversed.
#define POLYNOMIAL 0x82F63B78u

typedef uint32_t (*implementation)(uint32_t crc, const void *bytes, size_t size);

static uint64_t load64(const unsigned char *bytes) {
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

// ----------------------------------------------------------------------------- any processor

/// tables[n][b] is the register after byte b and n bytes of zero.
static uint32_t tables[8][256];
static pthread_once_t tables_filled = PTHREAD_ONCE_INIT;

static void fill_tables(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = byte;
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? POLYNOMIAL : 0);
        tables[0][byte] = crc;
    }
    for (int n = 1; n < 8; n++) {
        for (int byte = 0; byte < 256; byte++) {
            uint32_t crc = tables[n - 1][byte];
            tables[n][byte] = crc >> 8 ^ tables[0][crc & 0xff];
        }
    }
}

uint32_t kafka_crc32c_portable(uint32_t crc, const void *bytes, size_t size) {
    pthread_once(&tables_filled, fill_tables);
    const unsigned char *next = bytes;
    crc = ~crc;
    for (; size >= 8; size -= 8, next += 8) {
        // Byte by byte, so that the order of bytes in a word does not matter.
        uint32_t low = crc ^ ((uint32_t)next[0] | (uint32_t)next[1] << 8 |
                              (uint32_t)next[2] << 16 | (uint32_t)next[3] << 24);
        crc = tables[7][low & 0xff] ^ tables[6][low >> 8 & 0xff] ^ tables[5][low >> 16 & 0xff] ^
              tables[4][low >> 24] ^ tables[3][next[4]] ^ tables[2][next[5]] ^
              tables[1][next[6]] ^ tables[0][next[7]];
    }
    for (; size > 0; size--, next++) crc = crc >> 8 ^ tables[0][(crc ^ *next) & 0xff];
    return ~crc;
}

// ------------------------------------------------------------------------------------ x86-64

#if defined(__x86_64__)

#include <cpuid.h>
#include <nmmintrin.h>
#include <wmmintrin.h>

#define X86 __attribute__((target("sse4.2,pclmul")))

// The instruction gives a result every cycle but takes three for it, so one stream uses a third of
// it. A block is cut in three parts whose registers run side by side and are then joined: moving a
// register over n bytes of zero is a multiplication by x^(8n) modulo the polynomial. The carry-less
// product of two reflected registers, put through the instruction as eight bytes, comes out
// multiplied by x^33 besides; hence the constants x^(8n - 33), reflected.

/// A size of the three parts of a block, and what moves a register over one part and over two.
struct parts {
    size_t size;
    uint32_t over_one;
    uint32_t over_two;
};

static const struct parts large_parts = {4096, 0x82f89c77, 0x54a86326};
static const struct parts small_parts = {256, 0xb9e02b86, 0xdd7e3b0c};

X86 static uint64_t multiply(uint64_t crc, uint32_t factor) {
    __m128i product = _mm_clmulepi64_si128(
        _mm_cvtsi64_si128((long long)crc), _mm_cvtsi64_si128((long long)factor), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

X86 static uint64_t one_block(uint64_t crc, const unsigned char *bytes, const struct parts *parts) {
    size_t size = parts->size;
    uint64_t first = crc, second = 0, third = 0;
    for (const unsigned char *end = bytes + size; bytes < end; bytes += 8) {
        first = _mm_crc32_u64(first, load64(bytes));
        second = _mm_crc32_u64(second, load64(bytes + size));
        third = _mm_crc32_u64(third, load64(bytes + 2 * size));
    }
    uint64_t moved = multiply(first, parts->over_two) ^ multiply(second, parts->over_one);
    return _mm_crc32_u64(0, moved) ^ third;
}

X86 static uint32_t crc32c_x86(uint32_t start, const void *bytes, size_t size) {
    const unsigned char *next = bytes;
    uint64_t crc = ~start;
    for (; size >= 3 * large_parts.size; size -= 3 * large_parts.size) {
        crc = one_block(crc, next, &large_parts);
        next += 3 * large_parts.size;
    }
    for (; size >= 3 * small_parts.size; size -= 3 * small_parts.size) {
        crc = one_block(crc, next, &small_parts);
        next += 3 * small_parts.size;
    }
    for (; size >= 8; size -= 8, next += 8) crc = _mm_crc32_u64(crc, load64(next));
    for (; size > 0; size--, next++) crc = _mm_crc32_u8((uint32_t)crc, *next);
    return ~(uint32_t)crc;
}

static implementation best(void) {
    unsigned a, b, c, d;
    bool known = __get_cpuid(1, &a, &b, &c, &d);
    return known && (c & bit_SSE4_2) && (c & bit_PCLMUL) ? crc32c_x86 : kafka_crc32c_portable;
}

// ------------------------------------------------------------------------------------- ARMv8

#elif defined(__aarch64__) && defined(__linux__) && defined(__AARCH64EL__)

#include <sys/auxv.h>

/// `HWCAP_CRC32`, from the kernel's table of ARM's capabilities.
#define HAS_CRC32 (1ul << 7)

__attribute__((target("crc"))) static uint32_t crc32c_arm(
    uint32_t crc, const void *bytes, size_t size
) {
    const unsigned char *next = bytes;
    crc = ~crc;
    for (; size >= 8; size -= 8, next += 8) crc = __builtin_arm_crc32cd(crc, load64(next));
    for (; size > 0; size--, next++) crc = __builtin_arm_crc32cb(crc, *next);
    return ~crc;
}

static implementation best(void) {
    return getauxval(AT_HWCAP) & HAS_CRC32 ? crc32c_arm : kafka_crc32c_portable;
}

#else

static implementation best(void) { return kafka_crc32c_portable; }

#endif

// ------------------------------------------------------------------------------------ choice

static implementation chosen;
static pthread_once_t choice_made = PTHREAD_ONCE_INIT;

static void choose(void) { chosen = best(); }

uint32_t kafka_crc32c(uint32_t crc, const void *bytes, size_t size) {
    // Asked once: in a virtual machine `cpuid` is a trip to the hypervisor.
    pthread_once(&choice_made, choose);
    return chosen(crc, bytes, size);
}
