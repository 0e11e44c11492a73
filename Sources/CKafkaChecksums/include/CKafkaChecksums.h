#pragma once
#include <stddef.h>
#include <stdint.h>

/// Extends a CRC-32C (Castagnoli) by some bytes, with the processor's instructions if it has them.
///
/// The checksum of no bytes is 0, so that is what the first call starts from.
uint32_t kafka_crc32c(uint32_t crc, const void *bytes, size_t size);

/// The same without AVX-512; what older processors run.
uint32_t kafka_crc32c_without_avx512(uint32_t crc, const void *bytes, size_t size);

/// The same without any instruction for it; what processors without one run.
uint32_t kafka_crc32c_portable(uint32_t crc, const void *bytes, size_t size);

/// The CRC-32C of some bytes and others behind them, from the two of them and the size of the
/// others in bytes.
uint32_t kafka_crc32c_combine(uint32_t first, uint32_t second, size_t second_size);

/// The same without any instruction for it.
uint32_t kafka_crc32c_combine_portable(uint32_t first, uint32_t second, size_t second_size);
