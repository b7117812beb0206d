/* Which stories an article may belong to: found by its keys, in a table of fixed width.
 *
 * Each key leads to the stories that were last filed under it, a few; older ones are forgotten there. So looking up
 * costs the same however many stories there are. A story is known by its place: a number that it keeps.
 */
#ifndef INDEX_H
#define INDEX_H
#include "kernel.h"

#define OF_A_KEY 8
#define MOST_KEYS 48 /* of an article */
#define MOST_FOUND 8 /* are compared with it */
#define ROUNDED 1e-6
#define SPREAD 0x9E3779B1u
#define TALLY_BITS 10
#define PLACE_BITS 19 /* a place has no more: the bits above say under which key it is filed */
#define PLACE ((1u << PLACE_BITS) - 1)
#define KIND_BITS 2 /* the last ones of a sign, which few keys differ in */

static u32 *filed; /* filings, so many a row, those first that were filed last; 0 where none is */
static f64 *seen;  /* by place: when it was told last, in days */
static u32 shift, most_places;

/* Begin with 2**bits rows and room for so many places. What was never taken before is 0. */
EXPORT void begin_index(u32 bits, u32 places) {
    u32 rows = 1u << bits;
    if (places > PLACE + 1) __builtin_trap();
    shift = 32 - bits;
    most_places = places;
    filed = (u32 *)take(rows * OF_A_KEY * sizeof(u32));
    seen = (f64 *)take(places * sizeof(f64));
}

static void check_place(u32 place) {
    if (!place || place >= most_places) __builtin_trap();
}

static u32 *row_for(u32 key) { return filed + (key * SPREAD >> shift) * OF_A_KEY; }

/* What a key adds to the places that are filed under it: other keys have the same row. */
static u32 marked(u32 key) { return key >> KIND_BITS << PLACE_BITS; }

/* File a story, told so lately, under these keys, before all that were filed until now.
 *
 * So the index is the same whether it has grown or was made anew of what is stored. */
static void file_under(u32 place, const u32 *keys, u32 count, f64 day) {
    check_place(place);
    if (day > seen[place]) seen[place] = day;
    for (u32 n = 0; n < count; n++) {
        u32 *slots = row_for(keys[n]), filing = marked(keys[n]) | place, slot = 0;
        while (slot < OF_A_KEY - 1 && slots[slot] && slots[slot] != filing) slot++;
        for (; slot; slot--) slots[slot] = slots[slot - 1];
        *slots = filing;
    }
}

/* A real number as Python hands it in: by its bits. */
static f64 real(u64 bits) {
    f64 number;
    copy(&number, &bits, 8);
    return number;
}

/* File stories, one after the other: when each was told, under which keys, and where those of each end. */
EXPORT void file(u32 places_at, u32 count, u32 days_at, u32 keys_at, u32 ends_at) {
    const u32 *places = (const u32 *)places_at, *keys = (const u32 *)keys_at, *ends = (const u32 *)ends_at;
    const f64 *days = (const f64 *)days_at;
    for (u32 n = 0, at = 0; n < count; at = ends[n++]) file_under(places[n], keys + at, ends[n] - at, days[n]);
}

/* Find a story no more under these keys: what is left makes room for others. */
EXPORT void leave(u32 place, u32 keys_at, u32 count) {
    const u32 *keys = (const u32 *)keys_at;
    check_place(place);
    for (u32 n = 0; n < count; n++) {
        u32 *slots = row_for(keys[n]), filing = marked(keys[n]) | place, slot = 0;
        while (slot < OF_A_KEY && slots[slot] != filing) slot++;
        for (; slot < OF_A_KEY; slot++) slots[slot] = slot < OF_A_KEY - 1 ? slots[slot + 1] : 0;
    }
}

/* Find a story no more. */
EXPORT void forget(u32 place) {
    check_place(place);
    seen[place] = -__builtin_inf();
}

/* What was found under keys: places, best first, twice as many as are compared. */
static u32 ranked[2 * MOST_FOUND], ranked_count;

static struct { u32 place; f64 score; } tallied[MOST_KEYS * OF_A_KEY];
static u32 tally_count;
static u16 tally_at[1 << TALLY_BITS]; /* one more than where it is tallied */

/* Add up how much of the keys each place has that is filed under some. */
static void tally(const u32 *keys, const f32 *weights, u32 count) {
    tally_count = 0;
    fill(tally_at, 0, sizeof tally_at);
    for (u32 n = 0; n < count; n++) {
        const u32 *slots = row_for(keys[n]), none = marked(keys[n]);
        for (u32 slot = 0; slot < OF_A_KEY && slots[slot]; slot++) {
            u32 place = slots[slot] ^ none;
            if (place > PLACE) continue; /* of another key */
            u32 at = place * SPREAD >> (32 - TALLY_BITS);
            while (tally_at[at] && tallied[tally_at[at] - 1].place != place)
                at = (at + 1) & ((1 << TALLY_BITS) - 1);
            if (!tally_at[at]) {
                tallied[tally_count].place = place;
                tallied[tally_count].score = 0;
                tally_at[at] = (u16)++tally_count;
            }
            tallied[tally_at[at] - 1].score += weights[n];
        }
    }
}

/* Find the stories that have most of these keys by weight, and enough, of those told within so many days; of such as
 * have as much, those first that have what tells more, and that were filed last. */
static void rank(const u32 *keys, const f32 *weights, u32 count, f64 least, f64 day, f64 within) {
    static struct { u32 place; f64 score; } best[2 * MOST_FOUND];
    u32 many = 0;
    tally(keys, weights, count);
    for (u32 n = 0; n < tally_count; n++) {
        u32 place = tallied[n].place;
        f64 score = tallied[n].score;
        if (score < least - ROUNDED || __builtin_fabs(seen[place] - day) > within) continue;
        u32 at = many;
        while (at && best[at - 1].score < score) at--;
        if (at == 2 * MOST_FOUND) continue;
        if (many < 2 * MOST_FOUND) many++;
        for (u32 behind = many - 1; behind > at; behind--) best[behind] = best[behind - 1];
        best[at].place = place;
        best[at].score = score;
    }
    ranked_count = many;
    for (u32 n = 0; n < many; n++) ranked[n] = best[n].place;
}

#endif
