/* The few functions of real numbers that likeness needs, as no library comes with a kernel. */
#ifndef REALS_H
#define REALS_H
#include "kernel.h"

#define LN_2 0.693147180559945309417
#define ROOT_2 1.41421356237309504880

/* The natural logarithm of a number above 0. */
static f64 log_of(f64 number) {
    u64 bits;
    copy(&bits, &number, 8);
    i32 power = (i32)(bits >> 52) - 1023;
    bits = (bits & 0xFFFFFFFFFFFFFull) | 0x3FF0000000000000ull;
    copy(&number, &bits, 8); /* 1 to 2 */
    if (number > ROOT_2) number /= 2, power++;
    f64 s = (number - 1) / (number + 1), square = s * s, sum = 0;
    for (i32 odd = 19; odd > 0; odd -= 2) sum = sum * square + 1.0 / odd;
    return power * LN_2 + 2 * s * sum;
}

/* e to the power of a number; 0 of what is too small to matter. */
static f64 exp_of(f64 number) {
    if (number < -700) return 0;
    i32 power = (i32)(number / LN_2 + (number < 0 ? -0.5 : 0.5));
    f64 rest = number - power * LN_2, sum = 1;
    for (i32 step = 14; step > 0; step--) sum = 1 + sum * rest / step;
    u64 bits = (u64)(power + 1023) << 52;
    f64 scale;
    copy(&scale, &bits, 8);
    return sum * scale;
}

static f64 power_of(f64 base, f64 power) { return exp_of(log_of(base) * power); }

/* Numbers that were stored in 16 bits: their bits are those of a number in 32 that is so many times less. */
static void wholes_of(f32 *numbers, const u8 *halves, u32 count) {
    for (u32 n = 0; n < count; n++) {
        u32 half = (u32)(halves[2 * n] | halves[2 * n + 1] << 8), bits = (half & 0x7FFF) << 13 | (half >> 15) << 31;
        f32 number;
        copy(&number, &bits, 4);
        numbers[n] = number * 0x1p112f;
    }
}

/* A number as it is stored in 16 bits, rounded to the nearest, of two to the even one. */
static u16 half_of(f32 number) {
    u32 bits;
    copy(&bits, &number, 4);
    u32 sign = bits >> 16 & 0x8000, odd;
    bits &= 0x7FFFFFFF;
    if (bits >= 0x47800000) return (u16)(sign | 0x7C00);
    if (bits < 0x38800000) { /* half as wide as 0.5 is exact: its last bit is theirs */
        f32 small;
        copy(&small, &bits, 4);
        small += 0.5f;
        copy(&bits, &small, 4);
        return (u16)(sign | (bits - 0x3F000000));
    }
    odd = bits >> 13 & 1;
    return (u16)(sign | (bits + 0xC8000FFFu + odd) >> 13);
}

#endif
