// Numeric kernels of Recurrent: matrix product, gate arithmetic, vectorised functions, optimiser updates.
//
// Every function is pure over the caller's memory: no allocation, no globals, no alignment needed unless stated.
// Matrices are row-major; "row stride" is the distance between rows in floats. Pointers may not alias unless stated.
// A table of functions exists for each instruction set ("level"); `generic` is the specification and the others
// are tested against it. Within one level each element's sum runs over k in ascending order, one multiply-add a term
// (fused but for generic), whatever the number of rows or columns: a row's result never depends on its neighbours.
#ifndef RECURRENT_KERNELS_H
#define RECURRENT_KERNELS_H

#include <stddef.h>
#include <stdint.h>

typedef enum rk_level { RK_GENERIC = 0, RK_AVX2 = 1, RK_AVX512 = 2, RK_NEON = 3 } rk_level;

typedef struct rk_kernels {
  rk_level level;
  const char *_Nonnull name;
  /// Columns of one packed panel. `packed_size` = ceil(n / panel_width) * panel_width * k floats.
  size_t panel_width;

  /// Packs B `[k, n]`, element (p, j) at b[p * b_row_stride + j * b_column_stride], into panels of
  /// `panel_width` columns: panel q holds rows p = 0..k-1 of columns q*panel_width..., the last padded with zeros.
  void (*_Nonnull pack)(size_t k, size_t n, const float *_Nonnull b, size_t b_row_stride, size_t b_column_stride,
                        float *_Nonnull packed);

  /// C `[m, n]` = S + A `[m, k]` B. Element (i, p) of A is at a[i * a_row_stride + p * a_column_stride], so a transposed
  /// A costs nothing. `packed_b` comes from `pack`, 64-byte aligned. S starts the sums: NULL for zeros, a row with stride
  /// 0 for a bias, C itself to add to it. Element (i, j) is at start[r * start_row_stride + j], r = start_rows[i] or, where
  /// that is NULL, i: rows of a table are added without being copied. Each element of C is s, then fma(a(i,p), b(p,j), s)
  /// for p ascending, with no other rounding; generic rounds the product too.
  void (*_Nonnull gemm)(size_t m, size_t n, size_t k, const float *_Nonnull a, size_t a_row_stride,
                        size_t a_column_stride, const float *_Nonnull packed_b, const float *_Nullable start,
                        size_t start_row_stride, const int32_t *_Nullable start_rows, float *_Nonnull c,
                        size_t c_row_stride);

  // Element-wise functions, y may equal x. NaN passes through; tanh(-0) is -0, and tanh stays within -1 and 1. The errors
  // are against the exact value, measured over every float of 2^-27 <= |x| < 128; the tests hold the bounds in a dense
  // sweep over all floats. Generic is within 0.51 ulp. AVX2 and AVX-512 give the same bits.
  void (*_Nonnull vexp)(size_t n, const float *_Nonnull x, float *_Nonnull y);      // <= 1.1 ulp (1.01 measured)
  void (*_Nonnull vtanh)(size_t n, const float *_Nonnull x, float *_Nonnull y);     // <= 5 ulp (4.85 measured)
  void (*_Nonnull vsigmoid)(size_t n, const float *_Nonnull x, float *_Nonnull y);  // <= 2e-7 (1.8e-7 measured)
  void (*_Nonnull vrelu)(size_t n, const float *_Nonnull x, float *_Nonnull y);     // exact; -0 gives 0
  /// d_pre = d_out * (1 - y^2); d_pre may equal d_out or y.
  void (*_Nonnull tanh_backward)(size_t n, const float *_Nonnull y, const float *_Nonnull d_out, float *_Nonnull d_pre);
  /// d_pre = y > 0 ? d_out : 0; d_pre may equal d_out or y.
  void (*_Nonnull relu_backward)(size_t n, const float *_Nonnull y, const float *_Nonnull d_out, float *_Nonnull d_pre);

  // Gates. All rows are contiguous: `[rows, G * hidden]` for G gates, `[rows, hidden]` for states. `pre` holds
  // pre-activations; forward functions write the activations to `gates` for the way back, or nowhere where `gates` is
  // NULL, as at inference; `gates` may equal `pre`. `d_gates` gets the gradients of the pre-activations; it may equal
  // `gates` but in the two halves of the last cell.

  // LSTM, gates i, f, g, o. c = f*c_prev + i*g; h = o*tanh(c). c may equal c_prev. tanh_c may be NULL where gates is.
  void (*_Nonnull lstm_forward)(size_t rows, size_t hidden, const float *_Nonnull pre, const float *_Nonnull c_prev,
                                float *_Nullable gates, float *_Nonnull c, float *_Nullable tanh_c,
                                float *_Nonnull h);
  // d_h: dL/dh_t. d_c: dL/dc_t from later steps in, dL/dc_{t-1} out.
  void (*_Nonnull lstm_backward)(size_t rows, size_t hidden, const float *_Nonnull gates, const float *_Nonnull c_prev,
                                 const float *_Nonnull tanh_c, const float *_Nonnull d_h, float *_Nonnull d_c,
                                 float *_Nonnull d_gates);

  // GRU, reset after the recurrent product; gates r, z, n. pre: input projection with bias, row i at
  // pre[pre_rows[i] * 3 * hidden] or, where that is NULL, pre[i * 3 * hidden]; recurrent `[rows, 3*hidden]`: recurrent
  // projection with bias. hn out: its n part; may be NULL where gates is.
  // r, z = sigmoid(pre + recurrent); n = tanh(pre_n + r*hn); h = (1-z)*n + z*h_prev. h may equal h_prev.
  void (*_Nonnull gru_after_forward)(size_t rows, size_t hidden, const float *_Nonnull pre,
                                     const int32_t *_Nullable pre_rows, const float *_Nonnull recurrent,
                                     const float *_Nonnull h_prev, float *_Nullable gates, float *_Nullable hn,
                                     float *_Nonnull h);
  // d_gates: gradients of the input projection. d_recurrent `[rows, 3*hidden]` out: gradients of the recurrent
  // projection (n part: d_n*r). d_h: dL/dh_t in, the direct part d_h*z of dL/dh_{t-1} out.
  void (*_Nonnull gru_after_backward)(size_t rows, size_t hidden, const float *_Nonnull gates,
                                      const float *_Nonnull hn, const float *_Nonnull h_prev, float *_Nonnull d_h,
                                      float *_Nonnull d_gates, float *_Nonnull d_recurrent);

  // GRU, reset before the product, in two halves around the product of W_hn with rh = r*h_prev.
  // r and z parts of pre: complete pre-activations in, activations out; n part untouched.
  void (*_Nonnull gru_before_reset_forward)(size_t rows, size_t hidden, float *_Nonnull pre,
                                            const float *_Nonnull h_prev, float *_Nonnull rh);
  // pre: activations r and z, complete pre-activation of n. h = (1-z)*n + z*h_prev. h may equal h_prev.
  void (*_Nonnull gru_before_output_forward)(size_t rows, size_t hidden, const float *_Nonnull pre,
                                             const float *_Nonnull h_prev, float *_Nullable gates, float *_Nonnull h);
  // z and n parts of d_gates; its r part is untouched. d_h: in dL/dh_t, out d_h*z.
  void (*_Nonnull gru_before_output_backward)(size_t rows, size_t hidden, const float *_Nonnull gates,
                                              const float *_Nonnull h_prev, float *_Nonnull d_h,
                                              float *_Nonnull d_gates);
  // r part of d_gates, from d_rh `[rows, hidden]`. d_h += d_rh * r.
  void (*_Nonnull gru_before_reset_backward)(size_t rows, size_t hidden, const float *_Nonnull gates,
                                             const float *_Nonnull h_prev, const float *_Nonnull d_rh,
                                             float *_Nonnull d_h, float *_Nonnull d_gates);

  // Row and vector arithmetic.
  void (*_Nonnull add_column_sums)(size_t rows, size_t columns, const float *_Nonnull x, size_t x_row_stride,
                                   float *_Nonnull sums);                            // sums[j] += sum_i x(i,j), i ascending
  void (*_Nonnull add)(size_t n, const float *_Nonnull x, float *_Nonnull y);        // y += x
  void (*_Nonnull add_scaled)(size_t n, float a, const float *_Nonnull x, float *_Nonnull y);  // y = fma(a, x, y)
  void (*_Nonnull scale)(size_t n, float a, float *_Nonnull y);                      // y *= a
  void (*_Nonnull multiply)(size_t n, const float *_Nonnull x, float *_Nonnull y);   // y *= x
  /// Sum of x^2 in Double precision, in an order fixed by n alone.
  double (*_Nonnull sum_of_squares)(size_t n, const float *_Nonnull x);
  /// Sum of x*y, in an order fixed by n alone.
  float (*_Nonnull dot)(size_t n, const float *_Nonnull x, const float *_Nonnull y);
  /// y = decay*y + (1-decay)*x, computed as fma(1-decay, x - y, y).
  void (*_Nonnull average)(size_t n, float decay, const float *_Nonnull x, float *_Nonnull y);
  /// max-pooling: where x > best: best = x, index = position. Ties keep the earlier position;
  /// NaN in x never wins, NaN in best stays.
  void (*_Nonnull max_with_index)(size_t n, const float *_Nonnull x, int32_t position, float *_Nonnull best,
                                  int32_t *_Nonnull index);
  /// Adam/AdamW. g is scaled by gradient_scale first; m, v moments; weights decay by lr*decoupled_decay*w (AdamW),
  /// and g += l2*w (Adam) before the moments. w -= lr * (m/correction1) / (sqrt(v/correction2) + epsilon).
  void (*_Nonnull adam)(size_t n, float *_Nonnull w, const float *_Nonnull g, float *_Nonnull m, float *_Nonnull v,
                        float gradient_scale, float lr, float beta1, float beta2, float epsilon, float l2,
                        float decoupled_decay, float correction1, float correction2);

  /// Gradient steps of skip-gram with negative sampling, on `input` v and `output` u, both `[words, dimension]`. Pair p is
  /// (words[2p], words[2p + 1]). Groups of RK_SKIP_GRAM_PAIRS adjacent pairs, the last perhaps shorter, share `negatives`
  /// words n_k, the next ones of `negative_words`. In a group all steps come from its vectors as they were at its start:
  ///   a_i = rate * (1 - sigmoid(v_i . u_i)),  b_ik = -rate * sigmoid(v_i . n_k), or 0 where n_k is the pair's output
  /// and then, pair after pair, v_i += a_i u_i + sum_k b_ik n_k (n_k of the start), u_i += a_i v_i (v_i before its step),
  /// and at the end n_k += sum_i b_ik v_i. Rows that occur twice take all their steps. `dimension` is a multiple of 16,
  /// `negatives` up to RK_SKIP_GRAM_NEGATIVES; 64-byte aligned rows are quickest. Uses up to 80 KiB of stack.
  void (*_Nonnull skip_gram)(size_t pairs, size_t negatives, size_t dimension, float rate,
                             const int32_t *_Nonnull words, const int32_t *_Nonnull negative_words,
                             float *_Nonnull input, float *_Nonnull output);
  /// IEEE half precision to single: exact. x: little-endian halves at any address, as files hold them.
  void (*_Nonnull from_half)(size_t n, const void *_Nonnull x, float *_Nonnull y);

  // Int8 weights: a quarter of the memory, integer products. All levels give the same bits.
  //
  // Column j of B has the scale s_j = max_p |b(p,j)| / 127, rounded to 17 significant bits, and the weights
  // q(p,j) = b(p,j) / s_j, rounded half to even. The product q s_j is exact, and packing such products gives the same q
  // and s_j again. Row i of A has r_i = max_p |a(i,p)| / 127 and q(i,p) = a(i,p) * (127 / max), rounded half to even.
  // c(i,j) = fma(r_i * float(sum_p q(i,p) q(p,j)), s_j, start(i,j)), the sum an exact integer.
  // Numbers whose scale would be below the normal floats (max < 1.5e-36) count as zeros; a row of A or a column of B
  // with a NaN or an infinity gives NaN throughout. k may be up to `RK_INT8_LARGEST_K`.

  /// Bytes that `int8_pack` writes.
  size_t (*_Nonnull int8_packed_size)(size_t k, size_t n);
  /// Quantises and packs B `[k, n]`, element (p, j) at b[p * b_row_stride + j * b_column_stride]; quickest where
  /// b_row_stride is 1. `packed` is 64-byte aligned.
  void (*_Nonnull int8_pack)(size_t k, size_t n, const float *_Nonnull b, size_t b_row_stride, size_t b_column_stride,
                             void *_Nonnull packed);
  /// C `[m, n]` = S + A `[m, k]` B, S as for `gemm`. Uses about 40 KiB of stack.
  void (*_Nonnull int8_gemm)(size_t m, size_t n, size_t k, const float *_Nonnull a, size_t a_row_stride,
                             const void *_Nonnull packed_b, const float *_Nullable start, size_t start_row_stride,
                             const int32_t *_Nullable start_rows, float *_Nonnull c, size_t c_row_stride);

  // Bf16 products: operands of 8 significant bits, sums in fp32.
  //
  // a(i,p) and b(p,j) are rounded to the nearest bf16, ties to even: above the largest comes infinity, a denormal float
  // becomes a zero, NaN stays NaN. Their product is exact in fp32. Levels without bf16 instructions then do as `gemm`
  // does, and as no product is rounded, all give the same bits but where a product is below 2^-126.
  // AVX-512 with BF16 adds the products two by two in an order of its own and flushes denormals: |c - exact| and the
  // difference between levels stay within (k + 2) 2^-23 (|s| + sum_p |a b|) + (k + 1) 2^-125 for rounded a and b.
  // At every level a row of C depends on its row of A alone, and a cut of k at an even number changes no bit.

  /// Bytes that `bf16_pack` writes.
  size_t (*_Nonnull bf16_packed_size)(size_t k, size_t n);
  /// Rounds and packs B `[k, n]`, element (p, j) at b[p * b_row_stride + j * b_column_stride]. `packed` is 64-byte
  /// aligned.
  void (*_Nonnull bf16_pack)(size_t k, size_t n, const float *_Nonnull b, size_t b_row_stride, size_t b_column_stride,
                             void *_Nonnull packed);
  /// C `[m, n]` = S + A `[m, k]` B, as `gemm`; A is fp32 and rounded on the way. Uses up to 64 KiB of stack.
  void (*_Nonnull bf16_gemm)(size_t m, size_t n, size_t k, const float *_Nonnull a, size_t a_row_stride,
                             size_t a_column_stride, const void *_Nonnull packed_b, const float *_Nullable start,
                             size_t start_row_stride, const int32_t *_Nullable start_rows, float *_Nonnull c,
                             size_t c_row_stride);
  /// y = q * scale. Exact where the scale has up to 17 significant bits.
  void (*_Nonnull from_int8)(size_t n, const int8_t *_Nonnull q, float scale, float *_Nonnull y);
} rk_kernels;

/// Pairs of `skip_gram` that share negatives, and the most negatives that they may have.
#define RK_SKIP_GRAM_PAIRS 8
#define RK_SKIP_GRAM_NEGATIVES 64

/// The largest k of an int8 product: sums of 255 * 127 each stay below 2^31.
#define RK_INT8_LARGEST_K 65536

/// The table of a level, or NULL where this build or this CPU lacks it. `RK_GENERIC` always exists.
const rk_kernels *_Nullable rk_kernels_for_level(rk_level level);
/// The same as it is on CPUs without dot products of int8 (AVX-512 VNNI) and of bf16 (AVX-512 BF16), for tests.
const rk_kernels *_Nullable rk_kernels_without_dot_products(rk_level level);
/// Whether a table multiplies bf16 by the CPU's own dot products (AVX-512 BF16).
int rk_has_bf16_dot_products(const rk_kernels *_Nonnull kernels);
/// The fastest level that this CPU runs.
rk_level rk_best_level(void);

#endif
