/* What articles say added up, and the pieces that stand for their texts: all articles of a turn in one call.
 *
 * Signs come as they were met, of one kind after the other (`../said.py`); of each article each is wanted once, in
 * order.
 */
#include "kernel.h"

#define SPREAD 0x9E3779B1u
#define LOW 0xFFFFFFFFu

/* Put numbers in order, the lowest first. */
static void sort(u64 *row, u32 count) {
    static const u32 gaps[] = {109568, 45671, 19037, 7935, 3308, 1379, 575, 240, 101, 43, 19, 8, 3, 1};
    for (u32 step = 0; step < sizeof gaps / sizeof *gaps; step++) {
        u32 gap = gaps[step];
        for (u32 n = gap; n < count; n++) {
            u64 each = row[n];
            u32 at = n;
            for (; at >= gap && row[at - gap] > each; at -= gap) row[at] = row[at - gap];
            row[at] = each;
        }
    }
}

/* Where the signs of each article are: their places, those of an article together, as they were met. */
static u32 *by_article(const u32 *articles, u32 count, u32 article_count, u32 *ends) {
    u32 *places = (u32 *)take(count * sizeof(u32)), sum = 0;
    fill(ends, 0, article_count * sizeof(u32));
    for (u32 n = 0; n < count; n++) {
        if (articles[n] >= article_count) __builtin_trap();
        ends[articles[n]]++;
    }
    for (u32 n = 0; n < article_count; n++) {
        u32 own = ends[n];
        ends[n] = sum;
        sum += own;
    }
    for (u32 n = 0; n < count; n++) places[ends[articles[n]]++] = n;
    return places;
}

/* Add up what each sign counts in each article, in the order in which they were met.
 *
 * Writes, over what is given: signs, each once an article and in order; sums; where each was met first; whether it was
 * met again; and where the signs of each article end. Returns how many there are. */
EXPORT u32 add_up(u32 articles_at, u32 signs_at, u32 weights_at, u32 count, u32 article_count, u32 first_at, u32 again_at,
                  u32 ends_at) {
    const u32 *articles = (const u32 *)articles_at;
    u32 *signs = (u32 *)signs_at, *ends = (u32 *)ends_at, *first = (u32 *)first_at, written = 0, most = 0;
    f64 *weights = (f64 *)weights_at;
    u8 *again = (u8 *)again_at;
    u32 before = mark(), *places = by_article(articles, count, article_count, ends);
    for (u32 n = 0; n < article_count; n++) {
        u32 own = ends[n] - (n ? ends[n - 1] : 0);
        if (own > most) most = own;
    }
    u32 bits = 1;
    while (1u << bits < 2 * most) bits++;
    u32 *slots = (u32 *)take(sizeof(u32) << bits);
    u64 *order = (u64 *)take(most * sizeof(u64));
    struct met { f64 sum; u32 sign, first, again; } *met = (struct met *)take(most * sizeof *met);
    struct met *all = (struct met *)take(count * sizeof *all);
    for (u32 n = 0, at = 0; n < article_count; n++) {
        u32 many = 0;
        fill(slots, 0, sizeof(u32) << bits);
        for (; at < ends[n]; at++) {
            u32 sign = signs[places[at]], slot = sign * SPREAD >> (32 - bits);
            while (slots[slot] && met[slots[slot] - 1].sign != sign) slot = (slot + 1) & ((1u << bits) - 1);
            if (!slots[slot]) {
                met[many] = (struct met){0, sign, places[at], 0};
                order[many] = (u64)sign << 32 | many;
                slots[slot] = ++many;
            } else met[slots[slot] - 1].again = 1;
            met[slots[slot] - 1].sum += weights[places[at]];
        }
        sort(order, many);
        for (u32 each = 0; each < many; each++) all[written++] = met[order[each] & LOW];
        ends[n] = written;
    }
    for (u32 n = 0; n < written; n++)
        signs[n] = all[n].sign, weights[n] = all[n].sum, first[n] = all[n].first, again[n] = (u8)all[n].again;
    release(before);
    return written;
}

/* Leave of each row of hashes those that stand for all: each once and in order, so many at most, of one in 2**scale.
 *
 * ends: where each row ends, and then where what is left of it does; starts: where each begins. */
EXPORT void leave_lowest(u32 hashes_at, u32 starts_at, u32 ends_at, u32 count, u32 most, u32 left_at, u32 scales_at) {
    const u32 *hashes = (const u32 *)hashes_at, *starts = (const u32 *)starts_at;
    u32 *ends = (u32 *)ends_at, *left = (u32 *)left_at, *scales = (u32 *)scales_at, written = 0;
    for (u32 n = 0; n < count; n++) {
        u32 before = mark(), size = ends[n] - starts[n], many = 0, scale = 0;
        u64 *row = (u64 *)take(size * sizeof(u64));
        for (u32 at = 0; at < size; at++) row[at] = hashes[starts[n] + at];
        sort(row, size);
        for (u32 at = 0; at < size; at++)
            if (!many || row[many - 1] != row[at]) row[many++] = row[at];
        while (many > most)
            for (scale++; many && row[many - 1] > (u64)LOW >> scale;) many--;
        for (u32 at = 0; at < many; at++) left[written++] = (u32)row[at];
        release(before);
        ends[n] = written;
        scales[n] = scale;
    }
}
