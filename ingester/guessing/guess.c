/* How likely texts are in which language, by the groups of bytes that they hold: all texts in one call.
 *
 * A tree of groups of bytes, with for each group what it says for the languages in which it is common. Its nodes lie
 * in the order of their depth, so the children of a node lie side by side, sorted by their last byte. Where a text
 * goes on in a way that no group does, what was read is cut at its beginning until one does (Aho and Corasick).
 */
#include "kernel.h"

#define MOST_LANGUAGES 255u
#define NO_GROUP 255u

static u32 nodes, languages, most_counted;
static u8 *last;        /* of each node: the last byte of its group */
static u32 *children;   /* of each node: its first child; those of the next node end its own */
static u32 *shorter;    /* of each node: the longest other group that its own ends with */
static u8 *said;        /* of each node: how many languages it speaks for, or NO_GROUP */
static u32 *sayings;    /* of each node: where these begin */
static u8 *for_language, *worth_code;
static f32 *worth, *floors, *priors, *weights;
static u32 *seen;       /* of each node: how often the text that is read holds it */
static u32 *met;        /* the nodes that it holds */
static u32 roots[256];

#define SLOT_BITS 15
static struct step {
    u64 from, to; /* the node and the byte, and one; the node that they lead to */
} steps[1 << SLOT_BITS];

static u32 child(u32 node, u8 byte) {
    if (!node) return roots[byte];
    u32 low = children[node], high = children[node + 1];
    while (low < high) {
        u32 middle = (low + high) / 2;
        if (last[middle] < byte) low = middle + 1;
        else high = middle;
    }
    return low < children[node + 1] && last[low] == byte ? low : 0;
}

static u32 next(u32 node, u8 byte) {
    for (;;) {
        u32 found = child(node, byte);
        if (found || !node) return found;
        node = shorter[node];
    }
}

/* The steps that texts take most are few: they are found again without walking. */
static u32 known_next(u32 node, u8 byte) {
    u64 step = (u64)node << 8 | byte;
    u32 slot = (u32)(step * 0x9E3779B97F4A7C15ull >> (64 - SLOT_BITS));
    if (steps[slot].from != step + 1) steps[slot] = (struct step){step + 1, next(node, byte)};
    return (u32)steps[slot].to;
}

/* Take the tree as it is packed: of each node how many children it has, and its last byte. */
EXPORT void plant(u32 count, u32 counts_at, u32 last_at) {
    const u8 *counts = (const u8 *)counts_at;
    if (!count) __builtin_trap();
    nodes = count;
    last = (u8 *)last_at;
    children = (u32 *)take((count + 1) * sizeof(u32));
    shorter = (u32 *)take(count * sizeof(u32));
    seen = (u32 *)take(count * sizeof(u32));
    met = (u32 *)take(count * sizeof(u32));
    u64 begin = 1;
    for (u32 node = 0; node < count; node++) {
        children[node] = (u32)begin;
        shorter[node] = seen[node] = 0;
        begin += counts[node];
        if (begin > count || (begin <= node + 1 && node + 1 < count)) __builtin_trap(); /* no tree */
    }
    if (begin != count) __builtin_trap();
    children[count] = count;
    fill(roots, 0, sizeof(roots));
    for (u32 each = children[0]; each < children[1]; each++) roots[last[each]] = each;
    for (u32 node = 0; node < count; node++)
        for (u32 each = children[node]; each < children[node + 1]; each++)
            shorter[each] = node ? next(shorter[node], last[each]) : 0;
}

/* Take what the groups say: of each node for how many languages, then for which and how much, one behind the other. */
EXPORT void teach(u32 count, u32 said_at, u32 for_at, u32 code_at, u32 total) {
    if (count > MOST_LANGUAGES) __builtin_trap();
    languages = count;
    said = (u8 *)said_at;
    for_language = (u8 *)for_at;
    worth_code = (u8 *)code_at;
    sayings = (u32 *)take(nodes * sizeof(u32));
    u64 begin = 0;
    for (u32 node = 0; node < nodes; node++) {
        sayings[node] = (u32)begin;
        if (said[node] != NO_GROUP) begin += said[node];
    }
    if (begin != total) __builtin_trap();
    for (u32 each = 0; each < total; each++)
        if (for_language[each] >= count) __builtin_trap();
}

/* Take the numbers: what a code is worth (256), what a group says that is rare in a language, how frequent languages
 * are, and how much a group counts that a text holds so often. */
EXPORT void weigh(u32 worth_at, u32 floors_at, u32 priors_at, u32 weights_at, u32 most) {
    if (!most) __builtin_trap();
    worth = (f32 *)worth_at;
    floors = (f32 *)floors_at;
    priors = (f32 *)priors_at;
    weights = (f32 *)weights_at;
    most_counted = most;
}

static u32 read(const u8 *text, u32 length) {
    u32 node = 0, count = 0;
    for (u32 place = 0; place < length; place++) {
        node = known_next(node, text[place]);
        if (said[node] != NO_GROUP && !seen[node]++) met[count++] = node;
    }
    return count;
}

/* Write of each text how much speaks for each language; a text of which no group is known gets nothing but zeros. */
EXPORT void guess(u32 texts_at, u32 ends_at, u32 count, u32 scores_at) {
    const u8 *texts = (const u8 *)texts_at;
    const u32 *ends = (const u32 *)ends_at;
    f32 *scores = (f32 *)scores_at;
    u32 begin = 0;
    for (u32 each = 0; each < count; begin = ends[each], each++, scores += languages) {
        fill(scores, 0, languages * sizeof(f32));
        if (ends[each] < begin) __builtin_trap();
        u32 groups = read(texts + begin, ends[each] - begin);
        f32 all = 0;
        for (u32 place = 0; place < groups; place++) {
            u32 node = met[place], times = seen[node];
            f32 weight = weights[times < most_counted ? times : most_counted];
            seen[node] = 0;
            all += weight;
            for (u32 at = sayings[node], end = at + said[node]; at < end; at++)
                scores[for_language[at]] += weight * worth[worth_code[at]];
        }
        if (groups)
            for (u32 language = 0; language < languages; language++)
                scores[language] += all * floors[language] + priors[language];
    }
}
