/* What every kernel shares: whole numbers of known width, what is exported, and room that is taken and given back.
 *
 * A kernel is C without a library: no malloc, no string.h. It takes room at the end of its memory, in the order of a
 * stack; `common/native/kernel.py` sees the same memory as numpy arrays. Lengths come from texts of strangers: check
 * them where they come in. What goes wrong ends in a trap, which Python sees as an exception.
 */
#ifndef KERNEL_H
#define KERNEL_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef int i32;
typedef long long i64;
typedef float f32;
typedef double f64;

#define EXPORT __attribute__((visibility("default")))
#define PAGE 65536u

#define copy(to, from, bytes) __builtin_memcpy(to, from, bytes)
#define fill(to, byte, bytes) __builtin_memset(to, byte, bytes)

extern u8 __heap_base; /* set by the linker: where constants and the stack end */

static u32 taken_to;

/* Room for so many bytes, in steps of 16. Grows by at least an eighth, so that many small takes stay cheap. */
EXPORT u32 take(u32 bytes) {
    if (!taken_to) taken_to = ((u32)&__heap_base + 15) & ~15u;
    u64 end = ((u64)taken_to + bytes + 15) & ~15ull;
    u64 has = (u64)__builtin_wasm_memory_size(0) * PAGE;
    if (end > has) {
        u64 more = end - has;
        if (more < has / 8) more = has / 8;
        u64 pages = (more + PAGE - 1) / PAGE;
        if (__builtin_wasm_memory_grow(0, pages) == (__SIZE_TYPE__)-1) {
            pages = (end - has + PAGE - 1) / PAGE; /* near the end of what there can be: only what is needed */
            if (__builtin_wasm_memory_grow(0, pages) == (__SIZE_TYPE__)-1) __builtin_trap();
        }
    }
    u32 at = taken_to;
    taken_to = (u32)end;
    return at;
}

EXPORT u32 mark(void) { return taken_to ? taken_to : take(0); }

EXPORT void release(u32 to) {
    if (to > taken_to) __builtin_trap();
    taken_to = to;
}

#endif
