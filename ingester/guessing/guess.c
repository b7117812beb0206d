/* How likely texts are in which language, by the groups of bytes that they hold: all texts in one call.
 *
 * A tree of groups of bytes, with for each group what it says for the languages in which it is common. Its nodes lie
 * in the order of their depth, so the children of a node lie side by side, sorted by their last byte. Where a text
 * goes on in a way that no group does, what was read is cut at its beginning until one does (Aho and Corasick).
 */
#include "kernel.h"

#define MOST_LANGUAGES 255u
#define NO_GROUP 255u
#define NOBODY 0xFFFFFFFFu
#define TOGETHER 4u

static u32 nodes, languages, most_counted;

/* Of each node: its first child (those of the next node end its own), the longest other group that its own ends with,
 * where that begins what it says, and the last byte of its group. Children are looked for in bytes side by side. */
static u32 *children, *shorter, *says_at;
static u8 *last;
/* What each group says lies together, since a text jumps from one to another anywhere in it, and to fetch from memory
 * that is not near takes longer than all else: how often the text that is read holds the group, for how many languages
 * it speaks, and for each of them which, and above it the code of how much. The first is that of all nodes that are no
 * groups: it is never met for the first time. */
#define SEEN 0
#define SAID 1
#define SAYINGS 2
static u16 *says;
static f32 *worth, *floors, *priors, *weights;
static u32 *met; /* what the groups say that the text holds */
static u32 roots[256];

#define SLOT_BITS 15
static struct step {
    u32 from, to; /* the node and the byte, and one; the node that they lead to */
    u32 says;     /* what that says */
} steps[1 << SLOT_BITS];

static u32 child(u32 node, u8 byte) {
    if (!node) return roots[byte];
    u32 low = children[node], end = children[node + 1], high = end;
    while (low < high) {
        u32 middle = (low + high) / 2;
        if (last[middle] < byte) low = middle + 1;
        else high = middle;
    }
    return low < end && last[low] == byte ? low : 0;
}

static u32 next(u32 node, u8 byte) {
    for (;;) {
        u32 found = child(node, byte);
        if (found || !node) return found;
        node = shorter[node];
    }
}

/* The steps that texts take most are few: they are found again without walking. */
static struct step *known_next(u32 node, u8 byte) {
    u32 step = node << 8 | byte;
    struct step *slot = &steps[step * 0x9E3779B1u >> (32 - SLOT_BITS)];
    if (slot->from != step + 1) {
        u32 to = next(node, byte);
        *slot = (struct step){step + 1, to, says_at[to]};
    }
    return slot;
}

/* Take the tree as it is packed: of each node how many children it has, and its last byte. */
EXPORT void plant(u32 count, u32 counts_at, u32 last_at) {
    const u8 *counts = (const u8 *)counts_at;
    if (!count || count >= 1u << 24) __builtin_trap();
    nodes = count;
    last = (u8 *)last_at;
    children = (u32 *)take((count + 1) * sizeof(u32));
    shorter = (u32 *)take(count * sizeof(u32));
    says_at = (u32 *)take(count * sizeof(u32));
    met = (u32 *)take((count + 1) * sizeof(u32));
    u64 begin = 1;
    for (u32 node = 0; node < count; node++) {
        children[node] = (u32)begin;
        begin += counts[node];
        if (begin > count || (begin <= node + 1 && node + 1 < count)) __builtin_trap(); /* no tree */
    }
    if (begin != count) __builtin_trap();
    children[count] = count;
    shorter[0] = 0;
    fill(roots, 0, sizeof(roots));
    for (u32 each = children[0]; each < children[1]; each++) roots[last[each]] = each;
    for (u32 node = 0; node < count; node++)
        for (u32 each = children[node]; each < children[node + 1]; each++)
            shorter[each] = node ? next(shorter[node], last[each]) : 0;
}

/* Take what the groups say: of each node for how many languages, then for which and how much, one behind the other. */
EXPORT void teach(u32 count, u32 said_at, u32 for_at, u32 code_at, u32 total) {
    const u8 *said = (const u8 *)said_at, *language = (const u8 *)for_at, *code = (const u8 *)code_at;
    if (count > MOST_LANGUAGES) __builtin_trap();
    languages = count;
    if (total >= 1u << 28) __builtin_trap();
    says = (u16 *)take((total + SAYINGS * (nodes + 1)) * sizeof(u16));
    says[SEEN] = 1;
    says[SAID] = 0;
    u32 each = 0, begin = SAYINGS;
    for (u32 node = 0; node < nodes; node++) {
        says_at[node] = 0;
        if (said[node] == NO_GROUP) continue;
        says_at[node] = begin;
        says[begin + SEEN] = 0;
        says[begin + SAID] = said[node];
        begin += SAYINGS;
        if (said[node] > total - each) __builtin_trap();
        for (u32 last = each + said[node]; each < last; each++) {
            if (language[each] >= count) __builtin_trap();
            says[begin++] = (u16)(language[each] | code[each] << 8);
        }
    }
    if (each != total) __builtin_trap();
}

/* Take the numbers: what a code is worth (256), what a group says that is rare in a language, how frequent languages
 * are, and how much a group counts that a text holds so often. */
EXPORT void weigh(u32 worth_at, u32 floors_at, u32 priors_at, u32 weights_at, u32 most) {
    if (!most || most > 0xFFFF) __builtin_trap();
    worth = (f32 *)worth_at;
    floors = (f32 *)floors_at;
    priors = (f32 *)priors_at;
    weights = (f32 *)weights_at;
    most_counted = most;
}

/* A text that is walked: `trail` gets, for each of its bytes, where what it says lies. */
struct walk {
    const u8 *at, *end;
    u32 node, *trail;
};

static inline void go_on(struct walk *walk) {
    struct step *step = known_next(walk->node, *walk->at++);
    walk->node = step->to;
    *walk->trail++ = step->says;
}

/* Each step of a text waits for the one before it to come from memory: those of several texts wait together. */
static void walk_together(struct walk *walks) {
    u32 left = NOBODY;
    for (u32 lane = 0; lane < TOGETHER; lane++) {
        u32 length = (u32)(walks[lane].end - walks[lane].at);
        if (length < left) left = length;
    }
    struct walk one = walks[0], two = walks[1], three = walks[2], four = walks[3];
    for (; left; left--) go_on(&one), go_on(&two), go_on(&three), go_on(&four);
    while (one.at < one.end) go_on(&one);
    while (two.at < two.end) go_on(&two);
    while (three.at < three.end) go_on(&three);
    while (four.at < four.end) go_on(&four);
}

/* Count the groups of a trail; return how many different ones it has. No branch depends on what a group says, so that
 * the next one is fetched meanwhile. */
static u32 counted(const u32 *trail, const u32 *end) {
    u32 count = 0;
    for (; trail < end; trail++) {
        u16 *seen = says + *trail + SEEN;
        u32 times = *seen;
        met[count] = *trail;
        count += !times;
        *seen = (u16)(times + (times < most_counted));
    }
    return count;
}

static void add_up(u32 groups, f32 *scores) {
    f32 all = 0;
    for (u32 place = 0; place < groups; place++) {
        u16 *here = says + met[place];
        f32 weight = weights[here[SEEN]];
        here[SEEN] = 0;
        all += weight;
        const u16 *saying = here + SAYINGS, *end = saying + here[SAID];
        for (; saying < end; saying++) scores[*saying & 0xFF] += weight * worth[*saying >> 8];
    }
    if (groups)
        for (u32 language = 0; language < languages; language++)
            scores[language] += all * floors[language] + priors[language];
}

/* Write of each text how much speaks for each language; a text of which no group is known gets nothing but zeros. */
EXPORT void guess(u32 texts_at, u32 ends_at, u32 count, u32 scores_at) {
    const u8 *texts = (const u8 *)texts_at;
    const u32 *ends = (const u32 *)ends_at;
    f32 *scores = (f32 *)scores_at;
    u32 before = mark(), begin = 0;
    fill(scores, 0, count * languages * sizeof(f32));
    for (u32 first = 0; first < count; first += TOGETHER) {
        struct walk walks[TOGETHER];
        u32 trails[TOGETHER + 1] = {0}, base = begin;
        for (u32 lane = 0; lane < TOGETHER; lane++) {
            u32 end = first + lane < count ? ends[first + lane] : begin;
            if (end < begin || end - base >= 1u << 28) __builtin_trap();
            walks[lane] = (struct walk){texts + begin, texts + end, 0, 0};
            begin = end;
            trails[lane + 1] = end - base;
        }
        u32 *trail = (u32 *)take(trails[TOGETHER] * (u32)sizeof(u32));
        for (u32 lane = 0; lane < TOGETHER; lane++) walks[lane].trail = trail + trails[lane];
        walk_together(walks);
        for (u32 lane = 0; lane < TOGETHER && first + lane < count; lane++, scores += languages)
            add_up(counted(trail + trails[lane], trail + trails[lane + 1]), scores);
        release(before);
    }
}
