/* The tokens of some pages of several segments, each once. See `pages.h`. */
#include "pages.h"

static u64 *met; /* sums of tokens that came */
static u32 met_mask, met_count;
static u8 *out; /* nothing else takes room meanwhile, so it grows in its place */
static u32 written, room;

static u64 sum_of(const u8 *token, u32 length) {
    u64 sum = 14695981039346656037ull ^ length, some;
    for (u32 at = 0; at < length; at += 8) {
        copy(&some, token + at, 8); /* `Entries` has room behind its token */
        if (length - at < 8) some &= ~0ull >> (64 - 8 * (length - at));
        sum = (sum ^ some) * 0x9E3779B97F4A7C15ull;
        sum ^= sum >> 29;
    }
    return sum ? sum : 1;
}

/* Whether a token comes for the first time. What has no room is new each time. */
static u32 is_new(u64 sum) {
    u32 at = (u32)(sum >> 32) & met_mask;
    for (; met[at]; at = (at + 1) & met_mask)
        if (met[at] == sum) return 0;
    if (met_count * 4 < met_mask * 3) met[at] = sum, met_count++;
    return 1;
}

static void write(const u8 *token, u32 length) {
    while (written + length + 8 > room) take(room), room *= 2;
    copy_short(out + written, token, length);
    written += length;
    out[written++] = '\n';
}

/* From an address on: where the token lies from which on they are wanted, and its length; the same of the one before which
 * they are, of no length for all; how many parts; and for each where pages of a segment lie and of how many bytes they
 * are. Returns where it says where the tokens lie, a line each, and of how many bytes they are. */
EXPORT u32 tokens(u32 given_at) {
    static Entries entries;
    const u32 *given = (const u32 *)given_at, *part = given + 5;
    const u8 *since = (const u8 *)given[0], *until = (const u8 *)given[2];
    u32 bytes = 0;
    for (u32 each = 0; each < given[4]; each++) bytes += part[2 * each + 1];
    met_mask = 1023, met_count = written = 0, room = 1 << 16;
    while (met_mask < bytes / 8 && met_mask < 1u << 22) met_mask = met_mask * 2 + 1;
    met = (u64 *)take(8 * (met_mask + 1));
    fill(met, 0, 8 * (met_mask + 1));
    u32 *said = (u32 *)take(8);
    out = (u8 *)take(room);
    for (u32 each = 0; each < given[4]; each++, part += 2) {
        entries.at = (const u8 *)part[0], entries.end = entries.at + part[1];
        while (next_entry(&entries)) {
            if (compared(entries.token, entries.length, since, given[1]) < 0) continue;
            if (given[3] && compared(entries.token, entries.length, until, given[3]) >= 0) break;
            if (is_new(sum_of(entries.token, entries.length))) write(entries.token, entries.length);
        }
    }
    said[0] = (u32)out, said[1] = written;
    return (u32)said;
}
