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

/* All of a node lies together: a text goes from one to another anywhere in the tree. */
static struct node {
    u32 children; /* its first child; those of the next node end its own */
    u32 shorter;  /* the longest other group that its own ends with */
    u32 sayings;  /* where that begins what it says */
    u16 seen;     /* how often the text that is read holds it */
    u8 said;      /* how many languages it speaks for, or NO_GROUP */
    u8 last;      /* the last byte of its group */
} *tree;
static u16 *sayings; /* for which language, and above it the code of how much */
static f32 *worth, *floors, *priors, *weights;
static u32 *met; /* the nodes that the text holds */
static u32 roots[256];

#define SLOT_BITS 15
static struct step {
    u32 from, to; /* the node and the byte, and one; the node that they lead to */
} steps[1 << SLOT_BITS];

static u32 child(u32 node, u8 byte) {
    if (!node) return roots[byte];
    u32 low = tree[node].children, end = tree[node + 1].children, high = end;
    while (low < high) {
        u32 middle = (low + high) / 2;
        if (tree[middle].last < byte) low = middle + 1;
        else high = middle;
    }
    return low < end && tree[low].last == byte ? low : 0;
}

static u32 next(u32 node, u8 byte) {
    for (;;) {
        u32 found = child(node, byte);
        if (found || !node) return found;
        node = tree[node].shorter;
    }
}

/* The steps that texts take most are few: they are found again without walking. */
static u32 known_next(u32 node, u8 byte) {
    u32 step = node << 8 | byte;
    struct step *slot = &steps[step * 0x9E3779B1u >> (32 - SLOT_BITS)];
    if (slot->from != step + 1) *slot = (struct step){step + 1, next(node, byte)};
    return slot->to;
}

/* Take the tree as it is packed: of each node how many children it has, and its last byte. */
EXPORT void plant(u32 count, u32 counts_at, u32 last_at) {
    const u8 *counts = (const u8 *)counts_at, *last = (const u8 *)last_at;
    if (!count || count >= 1u << 24) __builtin_trap();
    nodes = count;
    tree = (struct node *)take((count + 1) * sizeof(struct node));
    met = (u32 *)take(count * sizeof(u32));
    u64 begin = 1;
    for (u32 node = 0; node < count; node++) {
        tree[node] = (struct node){(u32)begin, 0, 0, 0, NO_GROUP, last[node]};
        begin += counts[node];
        if (begin > count || (begin <= node + 1 && node + 1 < count)) __builtin_trap(); /* no tree */
    }
    if (begin != count) __builtin_trap();
    tree[count] = (struct node){count, 0, 0, 0, NO_GROUP, 0};
    fill(roots, 0, sizeof(roots));
    for (u32 each = tree[0].children; each < tree[1].children; each++) roots[tree[each].last] = each;
    for (u32 node = 0; node < count; node++)
        for (u32 each = tree[node].children; each < tree[node + 1].children; each++)
            tree[each].shorter = node ? next(tree[node].shorter, tree[each].last) : 0;
}

/* Take what the groups say: of each node for how many languages, then for which and how much, one behind the other. */
EXPORT void teach(u32 count, u32 said_at, u32 for_at, u32 code_at, u32 total) {
    const u8 *said = (const u8 *)said_at, *language = (const u8 *)for_at, *code = (const u8 *)code_at;
    if (count > MOST_LANGUAGES) __builtin_trap();
    languages = count;
    sayings = (u16 *)take(total * sizeof(u16));
    u64 begin = 0;
    for (u32 node = 0; node < nodes; node++) {
        tree[node].sayings = (u32)begin;
        tree[node].said = said[node];
        if (said[node] != NO_GROUP) begin += said[node];
    }
    if (begin != total) __builtin_trap();
    for (u32 each = 0; each < total; each++) {
        if (language[each] >= count) __builtin_trap();
        sayings[each] = (u16)(language[each] | code[each] << 8);
    }
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

static u32 read(const u8 *text, u32 length) {
    u32 node = 0, count = 0;
    for (u32 place = 0; place < length; place++) {
        node = known_next(node, text[place]);
        struct node *here = &tree[node];
        if (here->said == NO_GROUP || here->seen == most_counted) continue;
        if (!here->seen++) met[count++] = node;
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
            struct node *here = &tree[met[place]];
            f32 weight = weights[here->seen];
            here->seen = 0;
            all += weight;
            const u16 *says = sayings + here->sayings, *end = says + here->said;
            for (; says < end; says++) scores[*says & 0xFF] += weight * worth[*says >> 8];
        }
        if (groups)
            for (u32 language = 0; language < languages; language++)
                scores[language] += all * floors[language] + priors[language];
    }
}
