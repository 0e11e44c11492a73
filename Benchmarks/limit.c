// limit: the least that a producer of lines must do, on one core: read, find newlines, copy into
// records, a CRC-32C over each batch (what it costs, not its value), write. No handshake, no retry,
// no error. It comes from the measurements that kpipe's goals were set by.
//
//   limit PORT < LINES    (against null-broker, one broker with 4 partitions)
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <endian.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <nmmintrin.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    readSize = 1 << 20,
    // A batch is sent once it holds so much, as kpipe's default batch.size and librdkafka's.
    batchSize = 1000000,
    longestLine = 1 << 20,
    requestHeader = 45, // of a Produce request, version 7, up to the batch
    batchHeader = 61,
    inFlightLimit = 5,
};

static int broker, inFlight;
static uint8_t *frame; // the request that is being filled

// Three streams beside each other, which the processor computes at once.
static uint32_t checksum(const uint8_t *bytes, size_t count) {
    uint64_t a = ~0u, b = 0, c = 0;
    size_t n = count / 24;
    const uint64_t *x = (const void *)bytes;
    const uint64_t *y = x + n, *z = y + n;
    for (size_t i = 0; i < n; i++) {
        a = _mm_crc32_u64(a, x[i]);
        b = _mm_crc32_u64(b, y[i]);
        c = _mm_crc32_u64(c, z[i]);
    }
    return a ^ b ^ c;
}

static uint8_t *putVarint(uint8_t *out, uint32_t v) {
    for (; v > 127; v >>= 7) *out++ = v | 128;
    *out++ = v;
    return out;
}

static uint8_t *put16(uint8_t *out, uint16_t v) {
    v = htobe16(v);
    return (uint8_t *)memcpy(out, &v, 2) + 2;
}

static uint8_t *put32(uint8_t *out, uint32_t v) {
    v = htobe32(v);
    return (uint8_t *)memcpy(out, &v, 4) + 4;
}

static void awaitAnswers(int limit) {
    uint8_t answer[4096];
    for (; inFlight > limit; inFlight--) {
        uint32_t size;
        if (recv(broker, &size, 4, MSG_WAITALL) != 4) exit(1);
        if (recv(broker, answer, be32toh(size), MSG_WAITALL) != (ssize_t)be32toh(size)) exit(1);
    }
}

// Sends the batch that ends at `end`, and waits while too many are unanswered.
static void flush(uint8_t *end, uint32_t count) {
    static uint32_t correlation;
    uint8_t *batch = frame + requestHeader, *h = frame;
    uint32_t size = end - batch;
    memset(batch, 0, batchHeader);
    put32(batch + 8, size - 12);
    batch[16] = 2;
    put32(batch + 23, count - 1);
    memset(batch + 43, 0xff, 14); // no producer
    put32(batch + 57, count);
    put32(batch + 17, checksum(batch + 21, size - 21));

    h = put32(h, requestHeader - 4 + size);
    h = put16(put16(h, 0), 7);
    h = put32(h, correlation++);
    h = (uint8_t *)memcpy(put16(h, 4), "kpip", 4) + 4;
    h = put16(put16(h, 0xffff), 0xffff); // no transaction, acks=all
    h = put32(put32(h, 30000), 1);
    *(h = put16(h, 1)) = 'x';
    h = put32(put32(h + 1, 1), correlation & 3); // the partitions in turn
    h = put32(h, size);
    if (h != batch) abort();

    for (uint8_t *p = frame; p < end;) {
        ssize_t n = write(broker, p, end - p);
        if (n <= 0) exit(1);
        p += n;
    }
    inFlight++;
    awaitAnswers(inFlightLimit - 1);
}

static int sizeOfVarint(uint32_t v) { return v < 64 ? 1 : v < 8192 ? 2 : v < 1 << 20 ? 3 : 4; }

int main(int argumentCount, char **arguments) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(argumentCount > 1 ? atoi(arguments[1]) : 0);
    broker = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(broker, (void *)&address, sizeof address)) {
        perror("limit");
        return 1;
    }
    uint8_t *input = malloc(longestLine + readSize);
    frame = malloc(requestHeader + batchSize + longestLine);
    uint8_t *const first = frame + requestHeader + batchHeader;
    uint8_t *out = first;
    uint32_t count = 0;
    size_t have = 0;
    fcntl(0, F_SETPIPE_SZ, 1 << 20);
    for (ssize_t n; have < longestLine && (n = read(0, input + have, readSize)) > 0;) {
        have += n;
        uint8_t *line = input, *end = input + have, *newline;
        for (; (newline = memchr(line, '\n', end - line)); line = newline + 1) {
            uint32_t size = newline - line;
            uint32_t body = 4 + sizeOfVarint(count) + sizeOfVarint(size) + size;
            if (count > 0 && out + body + 5 - frame > batchSize) {
                flush(out, count);
                out = first;
                count = 0;
                body = 5 + sizeOfVarint(size) + size;
            }
            out = putVarint(out, body << 1);
            *out++ = 0; // attributes
            *out++ = 0; // milliseconds after the batch's first record
            out = putVarint(out, count << 1);
            *out++ = 1; // no key
            out = putVarint(out, size << 1);
            memcpy(out, line, size);
            out += size;
            *out++ = 0; // no headers
            count++;
        }
        memmove(input, line, end - line);
        have = end - line;
    }
    if (count > 0) flush(out, count);
    awaitAnswers(0);
    return 0;
}
