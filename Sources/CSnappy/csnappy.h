// libsnappy, and its faster compressor where there are two.

#pragma once

#include <dlfcn.h>
#include <snappy-c.h>

/// The type of snappy_compress.
typedef snappy_status (*CSnappyCompress)(
    const char *_Nullable, size_t, char *_Nullable, size_t *_Nullable);

/// snappy_compress of the shared library, or NULL where it is not installed. It stays loaded.
///
/// `make build` links the archive, since to load libstdc++ takes a third of the time that the start
/// may take. Debian builds the archive without the instruction that counts trailing zeros: it
/// compresses at half the speed of the shared library, which comes in the same package. So this is
/// for whoever is about to compress; and what is linked does where there is nothing else. Where the
/// shared library is linked, this is its function as well. The executable exports no symbol of C++,
/// so neither copy sees the other's.
static inline CSnappyCompress _Nullable csnappy_shared_compress(void) {
    void *library = dlopen("libsnappy.so.1", RTLD_NOW | RTLD_LOCAL);
    return library ? (CSnappyCompress)dlsym(library, "snappy_compress") : NULL;
}
