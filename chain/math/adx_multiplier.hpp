#pragma once

#include "chain/math/loose_field.hpp"

#if defined(__x86_64__)

namespace blockferry::chain::loose {

/// Multiplication with MULX and the two carry chains of ADX (Ozturk, Guilford, Gopal, "Large
/// integer squaring on Intel architecture processors", 2013).  Same contract as the portable one.
/// As inline assembly it needs no compiler option; call it only where `machine_has(cpu_path::adx)`.
struct adx_multiplier {
  // One row adds a * b[i], then the multiple of Q that makes the lowest word 0; the words move down
  // by renaming, so four rows are spelt out.  c is the row's fifth word.
#define BLOCKFERRY_FIRST_ROW(t0, t1, t2, t3, c)                                                    \
  "movq (%[b]), %%rdx\n\t"                                                                         \
  "mulxq (%[a]), %[" t0 "], %[" t1 "]\n\t"                                                         \
  "mulxq 8(%[a]), %[lo], %[" t2 "]\n\t"                                                            \
  "addq %[lo], %[" t1 "]\n\t"                                                                      \
  "mulxq 16(%[a]), %[lo], %[" t3 "]\n\t"                                                           \
  "adcq %[lo], %[" t2 "]\n\t"                                                                      \
  "mulxq 24(%[a]), %[lo], %[" c "]\n\t"                                                            \
  "adcq %[lo], %[" t3 "]\n\t"                                                                      \
  "adcq $0, %[" c "]\n\t"
#define BLOCKFERRY_ROW(offset, t0, t1, t2, t3, c)                                                  \
  "movq " offset "(%[b]), %%rdx\n\t"                                                               \
  "xorl %k[" c "], %k[" c "]\n\t"                                                                  \
  "mulxq 0(%[a]), %[lo], %[hi]\n\t"                                                                \
  "adoxq %[lo], %[" t0 "]\n\t"                                                                     \
  "adcxq %[hi], %[" t1 "]\n\t"                                                                     \
  "mulxq 8(%[a]), %[lo], %[hi]\n\t"                                                                \
  "adoxq %[lo], %[" t1 "]\n\t"                                                                     \
  "adcxq %[hi], %[" t2 "]\n\t"                                                                     \
  "mulxq 16(%[a]), %[lo], %[hi]\n\t"                                                               \
  "adoxq %[lo], %[" t2 "]\n\t"                                                                     \
  "adcxq %[hi], %[" t3 "]\n\t"                                                                     \
  "mulxq 24(%[a]), %[lo], %[hi]\n\t"                                                               \
  "adoxq %[lo], %[" t3 "]\n\t"                                                                     \
  "movl $0, %k[lo]\n\t"                                                                            \
  "adcxq %[hi], %[" c "]\n\t"                                                                      \
  "adoxq %[lo], %[" c "]\n\t"
#define BLOCKFERRY_REDUCE(t0, t1, t2, t3, c)                                                       \
  "movq %[" t0 "], %%rdx\n\t"                                                                      \
  "imulq %[inverse], %%rdx\n\t"                                                                    \
  "xorl %k[lo], %k[lo]\n\t"                                                                        \
  "mulxq 0(%[q]), %[lo], %[hi]\n\t"                                                                \
  "adoxq %[lo], %[" t0 "]\n\t"                                                                     \
  "adcxq %[hi], %[" t1 "]\n\t"                                                                     \
  "mulxq 8(%[q]), %[lo], %[hi]\n\t"                                                                \
  "adoxq %[lo], %[" t1 "]\n\t"                                                                     \
  "adcxq %[hi], %[" t2 "]\n\t"                                                                     \
  "mulxq 16(%[q]), %[lo], %[hi]\n\t"                                                               \
  "adoxq %[lo], %[" t2 "]\n\t"                                                                     \
  "adcxq %[hi], %[" t3 "]\n\t"                                                                     \
  "mulxq 24(%[q]), %[lo], %[hi]\n\t"                                                               \
  "adoxq %[lo], %[" t3 "]\n\t"                                                                     \
  "movl $0, %k[lo]\n\t"                                                                            \
  "adcxq %[hi], %[" c "]\n\t"                                                                      \
  "adoxq %[lo], %[" c "]\n\t"

  [[nodiscard, gnu::always_inline]] static inline field multiply(const field& a,
                                                                 const field& b) noexcept {
    std::uint64_t t0, t1, t2, t3, t4, lo, hi;
    __asm__(BLOCKFERRY_FIRST_ROW("t0", "t1", "t2", "t3", "t4") //
            BLOCKFERRY_REDUCE("t0", "t1", "t2", "t3", "t4")    //
            BLOCKFERRY_ROW("8", "t1", "t2", "t3", "t4", "t0")  //
            BLOCKFERRY_REDUCE("t1", "t2", "t3", "t4", "t0")    //
            BLOCKFERRY_ROW("16", "t2", "t3", "t4", "t0", "t1") //
            BLOCKFERRY_REDUCE("t2", "t3", "t4", "t0", "t1")    //
            BLOCKFERRY_ROW("24", "t3", "t4", "t0", "t1", "t2") //
            BLOCKFERRY_REDUCE("t3", "t4", "t0", "t1", "t2")    //
            : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4),
              [lo] "=&r"(lo), [hi] "=&r"(hi)
            : [a] "r"(a.limbs.data()), [b] "r"(b.limbs.data()), [q] "r"(modulus),
              [inverse] "m"(negative_inverse), "m"(a), "m"(b), "m"(modulus)
            : "rdx", "cc");
    return {{t4, t0, t1, t2}};
  }
#undef BLOCKFERRY_FIRST_ROW
#undef BLOCKFERRY_ROW
#undef BLOCKFERRY_REDUCE

  [[nodiscard, gnu::always_inline]] static inline field add(const field& a,
                                                            const field& b) noexcept {
    auto [t0, t1, t2, t3] = a.limbs;
    __asm__(
        "addq %[b0], %[t0]\n\tadcq %[b1], %[t1]\n\tadcq %[b2], %[t2]\n\tadcq %[b3], %[t3]"
        : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3)
        : [b0] "rm"(b.limbs[0]), [b1] "rm"(b.limbs[1]), [b2] "rm"(b.limbs[2]), [b3] "rm"(b.limbs[3])
        : "cc");
    return {{t0, t1, t2, t3}};
  }

  [[nodiscard, gnu::always_inline]] static inline field subtract(const field& a,
                                                                 const field& b) noexcept {
    auto [t0, t1, t2, t3] =
        add(a, field{{twice_modulus[0], twice_modulus[1], twice_modulus[2], twice_modulus[3]}})
            .limbs;
    __asm__(
        "subq %[b0], %[t0]\n\tsbbq %[b1], %[t1]\n\tsbbq %[b2], %[t2]\n\tsbbq %[b3], %[t3]"
        : [t0] "+&r"(t0), [t1] "+&r"(t1), [t2] "+&r"(t2), [t3] "+&r"(t3)
        : [b0] "rm"(b.limbs[0]), [b1] "rm"(b.limbs[1]), [b2] "rm"(b.limbs[2]), [b3] "rm"(b.limbs[3])
        : "cc");
    return {{t0, t1, t2, t3}};
  }
};

} // namespace blockferry::chain::loose

#endif
