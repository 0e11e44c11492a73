// The primitive types of Kafka's protocol, as null-broker.c reads and writes them.
#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// An answer that is being written.
typedef struct {
    uint8_t *bytes;
    size_t count, capacity;
} Answer;

static void put(Answer *a, const void *bytes, size_t count) {
    if (a->count + count > a->capacity) {
        a->capacity = (a->count + count) * 2;
        a->bytes = realloc(a->bytes, a->capacity);
        if (!a->bytes) abort();
    }
    memcpy(a->bytes + a->count, bytes, count);
    a->count += count;
}

static void put8(Answer *a, int8_t v) { put(a, &v, 1); }

static void put16(Answer *a, int16_t v) {
    uint16_t x = htobe16(v);
    put(a, &x, 2);
}

static void put32(Answer *a, int32_t v) {
    uint32_t x = htobe32(v);
    put(a, &x, 4);
}

static void put64(Answer *a, int64_t v) {
    uint64_t x = htobe64(v);
    put(a, &x, 8);
}

static void putVarint(Answer *a, uint32_t v) {
    for (; v > 127; v >>= 7) put8(a, (v & 127) | 128);
    put8(a, v);
}

static void putString(Answer *a, const char *s, size_t count, bool flexible) {
    if (flexible) putVarint(a, count + 1); else put16(a, count);
    put(a, s, count);
}

static void putArray(Answer *a, int count, bool flexible) {
    if (flexible) putVarint(a, count + 1); else put32(a, count);
}

// No tagged fields, where the version has room for them.
static void putTags(Answer *a, bool flexible) {
    if (flexible) putVarint(a, 0);
}

// A request that is being read. What does not fit makes it malformed, and reads as 0.
typedef struct {
    const uint8_t *at, *end;
    bool isMalformed;
} Request;

static const uint8_t *take(Request *r, size_t count) {
    if ((size_t)(r->end - r->at) < count) {
        r->isMalformed = true;
        r->at = r->end;
        return NULL;
    }
    r->at += count;
    return r->at - count;
}

static int16_t get16(Request *r) {
    uint16_t x = 0;
    const uint8_t *p = take(r, 2);
    if (p) memcpy(&x, p, 2);
    return be16toh(x);
}

static int32_t get32(Request *r) {
    uint32_t x = 0;
    const uint8_t *p = take(r, 4);
    if (p) memcpy(&x, p, 4);
    return be32toh(x);
}

static uint32_t getVarint(Request *r) {
    uint32_t v = 0;
    for (int shift = 0; shift < 32; shift += 7) {
        const uint8_t *p = take(r, 1);
        if (!p) break;
        v |= (uint32_t)(*p & 127) << shift;
        if (*p < 128) break;
    }
    return v;
}

static const char *getString(Request *r, int *count, bool flexible) {
    *count = flexible ? (int)getVarint(r) - 1 : get16(r);
    const uint8_t *p = *count > 0 ? take(r, *count) : NULL;
    if (!p) *count = 0;
    return p ? (const char *)p : "";
}

static int getArray(Request *r, bool flexible) {
    return flexible ? (int)getVarint(r) - 1 : get32(r);
}

static void skipTags(Request *r, bool flexible) {
    if (!flexible) return;
    for (uint32_t n = getVarint(r); n > 0 && !r->isMalformed; n--) {
        getVarint(r);
        take(r, getVarint(r));
    }
}
