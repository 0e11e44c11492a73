// CRC-32C, the checksum of Kafka's record batches: the Castagnoli polynomial, reflected, with all
// bits of the register set before the first byte and inverted after the last. On the hot path: it
// reads each byte that is sent.
//
// Four implementations, of which the first call chooses one:
//
//   x86-64 with AVX-512 and VPCLMULQDQ  256 bytes at once, folded by multiplication
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

typedef uint32_t update_function(uint32_t crc, const void *bytes, size_t size);
typedef uint32_t combine_function(uint32_t first, uint32_t second, size_t second_size);

/// What a processor computes checksums with.
struct implementation {
    update_function *update;
    combine_function *combine;
};

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

/// The product of two polynomials modulo ours, all of them reflected: the highest bit is x^0.
static uint32_t product(uint32_t a, uint32_t b) {
    uint32_t sum = 0;
    for (; a; a <<= 1) {
        // Masks: the bits are as good as random, and a branch on them would be mispredicted.
        sum ^= b & -(a >> 31);
        b = b >> 1 ^ (POLYNOMIAL & -(b & 1));
    }
    return sum;
}

uint32_t kafka_crc32c_combine_portable(uint32_t first, uint32_t second, size_t second_size) {
    // The first is moved over the bytes of the second, each of which multiplies it by x^8.
    uint32_t factor = 0x00800000u;
    for (; second_size; second_size >>= 1) {
        if (second_size & 1) first = product(factor, first);
        factor = product(factor, factor);
    }
    return first ^ second;
}

static const struct implementation portable = {
    kafka_crc32c_portable, kafka_crc32c_combine_portable,
};

// ------------------------------------------------------------------------------------ x86-64

#if defined(__x86_64__)

#include <immintrin.h>

#define X86 __attribute__((target("sse4.2,pclmul")))
#define AVX512 __attribute__((target("sse4.2,pclmul,avx512f,avx512vl,avx512bw,vpclmulqdq")))

// The instruction gives a result every cycle but takes three for it, so one stream uses a third of
// it. A block is cut in three parts whose registers run side by side and are then joined: moving a
// register over n bytes of zero is a multiplication by x^(8n) modulo the polynomial. The carry-less
// product of two reflected registers, put through the instruction as eight bytes, comes out
// multiplied by x^33 besides; hence the constants x^(8n - 33), reflected.

/// What moves a register over 2^n bytes of zero.
static const uint32_t over[32] = {
    0xbf818109, 0x780d5a4d, 0x05ec76f1, 0x00000001, 0x493c7d27, 0xba4fc28e, 0x9e4addf8, 0x0d3b6092,
    0xb9e02b86, 0xdd7e3b0c, 0x170076fa, 0xa51b6135, 0x82f89c77, 0x54a86326, 0x1dc403cc, 0x5ae703ab,
    0xc5013a36, 0xac2ac6dd, 0x9b4615a9, 0x688d1c61, 0xf6af14e6, 0xb6ffe386, 0xb717425b, 0x478b0d30,
    0x54cc62e5, 0x7b2102ee, 0x8a99adef, 0xa7568c8f, 0xd610d67e, 0x6b086b3f, 0xd94f3c0b, 0xbf818109,
};

/// The three parts of a block have 2^n bytes each.
enum { large_parts = 12, small_parts = 8 };

X86 static uint64_t multiply(uint64_t crc, uint32_t factor) {
    __m128i product = _mm_clmulepi64_si128(
        _mm_cvtsi64_si128((long long)crc), _mm_cvtsi64_si128((long long)factor), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

X86 static uint64_t one_block(uint64_t crc, const unsigned char *bytes, int parts) {
    size_t size = (size_t)1 << parts;
    uint64_t first = crc, second = 0, third = 0;
    for (const unsigned char *end = bytes + size; bytes < end; bytes += 8) {
        first = _mm_crc32_u64(first, load64(bytes));
        second = _mm_crc32_u64(second, load64(bytes + size));
        third = _mm_crc32_u64(third, load64(bytes + 2 * size));
    }
    uint64_t moved = multiply(first, over[parts + 1]) ^ multiply(second, over[parts]);
    return _mm_crc32_u64(0, moved) ^ third;
}

X86 static uint32_t crc32c_x86(uint32_t start, const void *bytes, size_t size) {
    const unsigned char *next = bytes;
    uint64_t crc = ~start;
    for (int parts = large_parts; parts >= small_parts; parts -= large_parts - small_parts) {
        size_t block = (size_t)3 << parts;
        for (; size >= block; size -= block, next += block) crc = one_block(crc, next, parts);
    }
    for (; size >= 8; size -= 8, next += 8) crc = _mm_crc32_u64(crc, load64(next));
    for (; size > 0; size--, next++) crc = _mm_crc32_u8((uint32_t)crc, *next);
    return ~(uint32_t)crc;
}

X86 static uint32_t combine_x86(uint32_t first, uint32_t second, size_t second_size) {
    if (second_size >> 32) return kafka_crc32c_combine_portable(first, second, second_size);
    for (int n = 0; second_size; n++, second_size >>= 1) {
        if (second_size & 1) first = (uint32_t)_mm_crc32_u64(0, multiply(first, over[n]));
    }
    return first ^ second;
}

// Folding: the first bytes of what is left are a polynomial, times a power of x as high as they
// stand before its end. So they can be multiplied by x^n modulo the polynomial and added n bits
// farther on. For two reflected halves of 16 bytes the factors are x^(n + 32) and x^(n - 32),
// reflected and moved by a bit. (Gopal and others, "Fast CRC Computation for Generic Polynomials
// Using PCLMULQDQ Instruction", Intel 2009.)

/// What moves 16 bytes over n bits: a factor for the first half, and one for the second.
struct fold {
    long long first;
    long long second;
};

static const struct fold over_2048 = {0x0dcb17aa4, 0x0b9e02b86};
static const struct fold over_512 = {0x0740eef02, 0x09e4addf8};
static const struct fold over_128 = {0x0f20c0dfe, 0x14cd00bd6};

/// `sum`, moved, plus the 64 bytes there.
AVX512 static __m512i fold_64(__m512i sum, const struct fold *fold, __m512i there) {
    __m512i factors = _mm512_broadcast_i32x4(_mm_set_epi64x(fold->second, fold->first));
    __m512i first = _mm512_clmulepi64_epi128(sum, factors, 0x00);
    __m512i second = _mm512_clmulepi64_epi128(sum, factors, 0x11);
    return _mm512_ternarylogic_epi64(first, second, there, 0x96); // Exclusive or of three.
}

AVX512 static __m128i fold_16(__m128i sum, const struct fold *fold, __m128i there) {
    __m128i factors = _mm_set_epi64x(fold->second, fold->first);
    __m128i first = _mm_clmulepi64_si128(sum, factors, 0x00);
    __m128i second = _mm_clmulepi64_si128(sum, factors, 0x11);
    return _mm_xor_si128(_mm_xor_si128(first, second), there);
}

AVX512 static uint32_t crc32c_avx512(uint32_t start, const void *bytes, size_t size) {
    if (size < 256) return crc32c_x86(start, bytes, size);
    const unsigned char *next = bytes;
    __m512i sums[4];
    for (int i = 0; i < 4; i++) sums[i] = _mm512_loadu_si512(next + 64 * i);
    // The register so far is added to the first bytes.
    sums[0] = _mm512_xor_si512(sums[0], _mm512_zextsi128_si512(_mm_cvtsi32_si128((int)~start)));
    for (next += 256, size -= 256; size >= 256; next += 256, size -= 256) {
        for (int i = 0; i < 4; i++) {
            sums[i] = fold_64(sums[i], &over_2048, _mm512_loadu_si512(next + 64 * i));
        }
    }
    __m512i sum = sums[0];
    for (int i = 1; i < 4; i++) sum = fold_64(sum, &over_512, sums[i]);
    for (; size >= 64; next += 64, size -= 64) {
        sum = fold_64(sum, &over_512, _mm512_loadu_si512(next));
    }
    __m128i last = _mm512_extracti32x4_epi32(sum, 0);
    last = fold_16(last, &over_128, _mm512_extracti32x4_epi32(sum, 1));
    last = fold_16(last, &over_128, _mm512_extracti32x4_epi32(sum, 2));
    last = fold_16(last, &over_128, _mm512_extracti32x4_epi32(sum, 3));
    uint64_t crc = _mm_crc32_u64(0, (uint64_t)_mm_cvtsi128_si64(last));
    crc = _mm_crc32_u64(crc, (uint64_t)_mm_extract_epi64(last, 1));
    return crc32c_x86(~(uint32_t)crc, next, size);
}

static struct implementation best(bool with_avx512) {
    if (!__builtin_cpu_supports("sse4.2") || !__builtin_cpu_supports("pclmul")) return portable;
    bool uses_avx512 = with_avx512 && __builtin_cpu_supports("avx512f") &&
                       __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
                       __builtin_cpu_supports("vpclmulqdq");
    return (struct implementation){uses_avx512 ? crc32c_avx512 : crc32c_x86, combine_x86};
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

static struct implementation best(bool with_avx512) {
    (void)with_avx512;
    if (!(getauxval(AT_HWCAP) & HAS_CRC32)) return portable;
    return (struct implementation){crc32c_arm, kafka_crc32c_combine_portable};
}

#else

static struct implementation best(bool with_avx512) {
    (void)with_avx512;
    return portable;
}

#endif

// ------------------------------------------------------------------------------------ choice

static struct implementation chosen;
static pthread_once_t choice_made = PTHREAD_ONCE_INIT;

static void choose(void) { chosen = best(true); }

uint32_t kafka_crc32c(uint32_t crc, const void *bytes, size_t size) {
    pthread_once(&choice_made, choose);
    return chosen.update(crc, bytes, size);
}

uint32_t kafka_crc32c_combine(uint32_t first, uint32_t second, size_t second_size) {
    pthread_once(&choice_made, choose);
    return chosen.combine(first, second, second_size);
}

uint32_t kafka_crc32c_without_avx512(uint32_t crc, const void *bytes, size_t size) {
    return best(false).update(crc, bytes, size);
}
