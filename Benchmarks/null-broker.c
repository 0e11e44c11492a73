// null-broker: a Kafka cluster that acknowledges everything and stores nothing, so that what is
// measured is the producer. One thread for each connection. It takes 60 % of the processor time
// that `kpipe-sandbox --null` takes, and needs no handshake, which limit.c does not make.
//
//   null-broker [PARTITIONS [BROKERS]]
//
// Its first line is `bootstrap 127.0.0.1:PORT,...`. For each line on standard input it prints what
// was produced since the last one, as JSON; it ends when standard input does.
// It speaks ApiVersions 0-3, Metadata 1-9, Produce 3-9 and InitProducerId 0-4; docs/PROTOCOL.md
// has their fields. It comes from the measurements that kpipe's goals were set by.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire.h"

enum { maxBrokers = 64, maxPartitions = 4096, maxTopics = 64, maxRequest = 256 << 20 };

static int partitions = 4, brokers = 1;
static int listeners[maxBrokers], ports[maxBrokers];
static atomic_ullong records, batches, requests, wireBytes;
static atomic_ullong offsets[maxPartitions];

static void answerApiVersions(Answer *a, int version) {
    // Fetch and FindCoordinator are only named: by them librdkafka knows that it may use record
    // batches and LZ4.
    static const int16_t known[][3] = {
        {0, 0, 9}, {1, 0, 11}, {3, 1, 9}, {10, 0, 0}, {18, 0, 3}, {22, 0, 4},
    };
    bool flexible = version >= 3;
    put16(a, 0);
    putArray(a, 6, flexible);
    for (int i = 0; i < 6; i++) {
        for (int j = 0; j < 3; j++) put16(a, known[i][j]);
        putTags(a, flexible);
    }
    if (version >= 1) put32(a, 0);
    putTags(a, flexible);
}

static void putPartition(Answer *a, int index, int version) {
    bool flexible = version >= 9;
    int leader = index % brokers + 1;
    put16(a, 0);
    put32(a, index);
    put32(a, leader);
    if (version >= 7) put32(a, 0);
    for (int list = 0; list < 2; list++) { // replicas, and those in sync
        putArray(a, 1, flexible);
        put32(a, leader);
    }
    if (version >= 5) putArray(a, 0, flexible);
    putTags(a, flexible);
}

static void answerMetadata(Request *r, Answer *a, int version) {
    bool flexible = version >= 9;
    const char *names[maxTopics];
    int counts[maxTopics], n = getArray(r, flexible);
    if (n > maxTopics) n = maxTopics;
    if (n < 0) n = 0;
    for (int i = 0; i < n; i++) {
        names[i] = getString(r, &counts[i], flexible);
        skipTags(r, flexible);
    }
    if (version >= 3) put32(a, 0);
    putArray(a, brokers, flexible);
    for (int b = 0; b < brokers; b++) {
        put32(a, b + 1);
        putString(a, "127.0.0.1", 9, flexible);
        put32(a, ports[b]);
        if (flexible) putVarint(a, 0); else put16(a, -1); // no rack
        putTags(a, flexible);
    }
    if (version >= 2) putString(a, "null", 4, flexible);
    put32(a, 1);
    putArray(a, n, flexible);
    for (int i = 0; i < n; i++) {
        put16(a, 0);
        putString(a, names[i], counts[i], flexible);
        put8(a, 0);
        putArray(a, partitions, flexible);
        for (int p = 0; p < partitions; p++) putPartition(a, p, version);
        if (version >= 8) put32(a, 0);
        putTags(a, flexible);
    }
    if (version >= 8) put32(a, 0);
    putTags(a, flexible);
}

static void answerInitProducerId(Answer *a, int version) {
    bool flexible = version >= 2;
    putTags(a, flexible); // of the header
    put32(a, 0);
    put16(a, 0);
    put64(a, 1000);
    put16(a, 0);
    putTags(a, flexible);
}

// The records in the batches of one partition, as their headers say.
static int64_t countRecords(const uint8_t *at, const uint8_t *end) {
    int64_t total = 0;
    while (end - at >= 61) {
        uint32_t size, count;
        memcpy(&size, at + 8, 4);
        memcpy(&count, at + 57, 4);
        total += be32toh(count);
        batches++;
        at += 12 + (size_t)be32toh(size);
    }
    return total;
}

// Answers, and says whether an answer is wanted.
static bool answerProduce(Request *r, Answer *a, int version) {
    bool flexible = version >= 9;
    int count;
    getString(r, &count, flexible);
    int16_t acks = get16(r);
    get32(r);
    int topics = getArray(r, flexible);
    putArray(a, topics, flexible);
    for (int t = 0; t < topics && !r->isMalformed; t++) {
        const char *name = getString(r, &count, flexible);
        putString(a, name, count, flexible);
        int n = getArray(r, flexible);
        putArray(a, n, flexible);
        for (int i = 0; i < n && !r->isMalformed; i++) {
            int32_t index = get32(r), size = flexible ? (int)getVarint(r) - 1 : get32(r);
            const uint8_t *p = size > 0 ? take(r, size) : NULL;
            int64_t appended = p ? countRecords(p, p + size) : 0;
            records += appended;
            put32(a, index);
            put16(a, 0);
            put64(a, atomic_fetch_add(&offsets[(uint32_t)index % maxPartitions], appended));
            put64(a, -1);
            if (version >= 5) put64(a, 0);
            if (version >= 8) {
                putArray(a, 0, flexible);
                if (flexible) putVarint(a, 0); else put16(a, -1); // no message
            }
            putTags(a, flexible);
            skipTags(r, flexible);
        }
        putTags(a, flexible);
        skipTags(r, flexible);
    }
    put32(a, 0);
    putTags(a, flexible);
    return acks != 0;
}

static bool readAll(int fd, void *bytes, size_t count) {
    for (uint8_t *p = bytes; count > 0;) {
        ssize_t n = read(fd, p, count);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        p += n;
        count -= n;
    }
    return true;
}

static bool writeAll(int fd, const void *bytes, size_t count) {
    for (const uint8_t *p = bytes; count > 0;) {
        ssize_t n = write(fd, p, count);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        p += n;
        count -= n;
    }
    return true;
}

// Answers one request. False if that is none that is known here.
static bool answer(int fd, Request *r, Answer *a) {
    const uint8_t *start = r->at;
    int16_t key = get16(r), version = get16(r);
    int32_t correlation = get32(r);
    int16_t clientCount = get16(r);
    if (clientCount > 0) take(r, clientCount);
    bool isWanted = true;
    a->count = 0;
    put32(a, 0);
    put32(a, correlation);
    if (key == 18 && version <= 3) answerApiVersions(a, version);
    else if (key == 18) { put16(a, 35); put32(a, 0); }
    else if (key == 22) answerInitProducerId(a, version);
    else if (key == 3 || key == 0) {
        skipTags(r, version >= 9);
        if (key == 3) {
            putTags(a, version >= 9); // of the header
            answerMetadata(r, a, version);
        } else {
            requests++;
            wireBytes += 4 + (r->end - start);
            putTags(a, version >= 9);
            isWanted = answerProduce(r, a, version);
        }
    } else return false;
    if (r->isMalformed) {
        fprintf(stderr, "null-broker: malformed request %d, version %d\n", key, version);
        return false;
    }
    uint32_t size = htobe32(a->count - 4);
    memcpy(a->bytes, &size, 4);
    return !isWanted || writeAll(fd, a->bytes, a->count);
}

static void *serve(void *argument) {
    int fd = (int)(intptr_t)argument, one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    size_t capacity = 1 << 20;
    uint8_t *bytes = malloc(capacity);
    Answer a = {0};
    uint32_t size;
    while (readAll(fd, &size, 4)) {
        size = be32toh(size);
        if (size > maxRequest) break;
        if (size > capacity) {
            free(bytes);
            bytes = malloc(capacity = size);
        }
        if (!bytes || !readAll(fd, bytes, size)) break;
        Request r = {bytes, bytes + size, false};
        if (!answer(fd, &r, &a)) break;
    }
    close(fd);
    free(bytes);
    free(a.bytes);
    return NULL;
}

static void *acceptAll(void *argument) {
    for (int listener = (int)(intptr_t)argument;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0) continue;
        pthread_t thread;
        pthread_create(&thread, NULL, serve, (void *)(intptr_t)fd);
        pthread_detach(thread);
    }
    return NULL;
}

static void listenFor(int broker) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(fd, (void *)&address, size) || listen(fd, 128)
        || getsockname(fd, (void *)&address, &size)) {
        perror("null-broker");
        exit(1);
    }
    listeners[broker] = fd;
    ports[broker] = ntohs(address.sin_port);
}

int main(int count, char **arguments) {
    if (count > 1) partitions = atoi(arguments[1]);
    if (count > 2) brokers = atoi(arguments[2]);
    if (partitions < 1 || partitions > maxPartitions || brokers < 1 || brokers > maxBrokers) {
        fprintf(stderr, "null-broker: up to %d brokers, %d partitions\n",
            maxBrokers, maxPartitions);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    for (int b = 0; b < brokers; b++) listenFor(b);
    printf("bootstrap ");
    for (int b = 0; b < brokers; b++) printf("%s127.0.0.1:%d", b ? "," : "", ports[b]);
    puts("");
    fflush(stdout);
    for (int b = 0; b < brokers; b++) {
        pthread_t thread;
        pthread_create(&thread, NULL, acceptAll, (void *)(intptr_t)listeners[b]);
    }
    for (int c; (c = getchar()) != EOF;) {
        if (c != '\n') continue;
        printf("{\"records\":%llu,\"batches\":%llu,\"requests\":%llu,\"wireBytes\":%llu}\n",
            atomic_exchange(&records, 0), atomic_exchange(&batches, 0),
            atomic_exchange(&requests, 0), atomic_exchange(&wireBytes, 0));
        fflush(stdout);
    }
    return 0;
}
