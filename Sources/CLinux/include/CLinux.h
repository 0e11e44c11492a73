// What the Glibc module leaves out of Linux: epoll, and calls and constants that need _GNU_SOURCE.
#pragma once

#include <stdint.h>
#include <sys/epoll.h>
#include <sys/types.h>
#include <sys/uio.h>

/// A descriptor that is ready, by the token it was added with: an epoll_event without its union.
struct linux_poll_event {
    uint64_t token;
    uint32_t events;
};

/// epoll_ctl; 0, or -1 with errno.
int linux_poll_control(int poll, int operation, int descriptor, uint32_t events, uint64_t token);

/// Takes what is ready, at most 64; waits for up to so many milliseconds if nothing is, -1 for as
/// long as it takes, or to the next signal. How many, or -1 with errno.
int linux_poll_take(int poll, struct linux_poll_event *events, int capacity, int timeout);

/// An eventfd, closed on exec; its descriptor, or -1 with errno.
int linux_event_descriptor(void);

/// Counts an eventfd up, which never fails before it was done 2^64 - 2 times.
void linux_ring(int descriptor);

/// An anonymous file in memory, closed on exec; its descriptor, or -1 with errno.
int linux_memfd_create(const char *name);

/// Reads without waiting, whatever the flags of the descriptor: RWF_NOWAIT.
///
/// EAGAIN where there is nothing, EOPNOTSUPP where the kind of file cannot promise it (terminals).
ssize_t linux_read_nowait(int descriptor, void *bytes, size_t count);

/// The same at an offset of what can be sought: EAGAIN where a disk would have to be waited for.
ssize_t linux_read_nowait_at(int descriptor, void *bytes, size_t count, off_t offset);

/// Writes without waiting, whatever the flags of the descriptor: RWF_NOWAIT.
///
/// EAGAIN where there is no room, EOPNOTSUPP where the kind of file cannot promise it.
ssize_t linux_write_nowait(int descriptor, const struct iovec *pieces, int count);

/// Whether what the descriptor is of lies in a file system in memory; -1 with errno.
int linux_is_in_memory(int descriptor);

/// A non-blocking stream socket, closed on exec; its descriptor, or -1 with errno.
int linux_stream_socket(int family);

/// The capacity of a pipe in bytes, or -1 with errno.
int linux_pipe_size(int descriptor);

/// Sets the capacity of a pipe; what it became, or -1 with errno.
int linux_set_pipe_size(int descriptor, int size);

/// How many processors this process may use (sched_getaffinity), at least 1.
int linux_processor_count(void);

/// The name of an errno value ("EISDIR"), or NULL.
const char *linux_errno_name(int code);

/// The English text of an errno value ("Is a directory"), or NULL.
const char *linux_errno_text(int code);
