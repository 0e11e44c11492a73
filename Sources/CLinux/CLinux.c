#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/vfs.h>

int linux_poll_control(int poll, int operation, int descriptor, uint32_t events, uint64_t token) {
    struct epoll_event event = {.events = events, .data.u64 = token};
    return epoll_ctl(poll, operation, descriptor, &event);
}

int linux_poll_take(int poll, struct linux_poll_event *events, int capacity, int timeout) {
    struct epoll_event ready[64];
    int count = epoll_wait(poll, ready, capacity < 64 ? capacity : 64, timeout);
    // To wait anew for all of the time would be to wait too long.
    if (count < 0 && errno == EINTR) return 0;
    for (int index = 0; index < count; index++) {
        events[index].token = ready[index].data.u64;
        events[index].events = ready[index].events;
    }
    return count;
}

int linux_event_descriptor(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void linux_ring(int descriptor) { (void)eventfd_write(descriptor, 1); }

int linux_memfd_create(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

ssize_t linux_read_nowait(int descriptor, void *bytes, size_t count) {
    struct iovec piece = {.iov_base = bytes, .iov_len = count};
    return preadv2(descriptor, &piece, 1, -1, RWF_NOWAIT);
}

ssize_t linux_read_nowait_at(int descriptor, void *bytes, size_t count, off_t offset) {
    struct iovec piece = {.iov_base = bytes, .iov_len = count};
    return preadv2(descriptor, &piece, 1, offset, RWF_NOWAIT);
}

ssize_t linux_write_nowait(int descriptor, const struct iovec *pieces, int count) {
    return pwritev2(descriptor, pieces, count, -1, RWF_NOWAIT);
}

int linux_is_in_memory(int descriptor) {
    struct statfs status;
    if (fstatfs(descriptor, &status) != 0) return -1;
    return status.f_type == TMPFS_MAGIC || status.f_type == RAMFS_MAGIC;
}

int linux_stream_socket(int family) {
    return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

int linux_pipe_size(int descriptor) { return fcntl(descriptor, F_GETPIPE_SZ); }

int linux_set_pipe_size(int descriptor, int size) {
    return fcntl(descriptor, F_SETPIPE_SZ, size);
}

int linux_processor_count(void) {
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return count > 0 ? count : 1;
}

const char *linux_errno_name(int code) { return strerrorname_np(code); }

const char *linux_errno_text(int code) { return strerrordesc_np(code); }
