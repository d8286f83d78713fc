// The transforms of Winograd's weights and their adjoint, of weight gradients; see winograd_transforms.ts.

import { put8, scale } from './winograd_transforms';

/** One column of G w: three vectors to six. */
// @ts-ignore: decorator
@inline
export function transformWeight3(w0: v128, w1: v128, w2: v128, to: usize, step: usize): void {
  const even = f32x4.add(w0, w2);
  const far = f32x4.add(scale(<f32>(1.0 / 24.0), w0), scale(<f32>(1.0 / 6.0), w2));
  const middle = scale(<f32>(1.0 / 12.0), w1);
  v128.store(to, scale(0.25, w0));
  v128.store(to + step, scale(<f32>(-1.0 / 6.0), f32x4.add(even, w1)));
  v128.store(to + 2 * step, scale(<f32>(-1.0 / 6.0), f32x4.sub(even, w1)));
  v128.store(to + 3 * step, f32x4.add(far, middle));
  v128.store(to + 4 * step, f32x4.sub(far, middle));
  v128.store(to + 5 * step, w2);
}

/** out = Gᵀ in: six to three times 8 channels, at a step of bytes. */
// @ts-ignore: decorator
@inline
export function transformBack6(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const p0 = from;
  const p1 = from + fromStep;
  const p2 = from + 2 * fromStep;
  const p3 = from + 3 * fromStep;
  const p4 = from + 4 * fromStep;
  const p5 = from + 5 * fromStep;
  const u0 = v128.load(p0);
  const u1 = v128.load(p1);
  const u2 = v128.load(p2);
  const u3 = v128.load(p3);
  const u4 = v128.load(p4);
  const u5 = v128.load(p5);
  const near = scale(<f32>(-1.0 / 6.0), f32x4.add(u1, u2));
  const far = f32x4.add(u3, u4);
  const r0 = f32x4.add(f32x4.add(scale(0.25, u0), near), scale(<f32>(1.0 / 24.0), far));
  const r1 = f32x4.add(scale(<f32>(-1.0 / 6.0), f32x4.sub(u1, u2)), scale(<f32>(1.0 / 12.0), f32x4.sub(u3, u4)));
  const r2 = f32x4.add(f32x4.add(near, scale(<f32>(1.0 / 6.0), far)), u5);
  const u0h = v128.load(p0, 16);
  const u1h = v128.load(p1, 16);
  const u2h = v128.load(p2, 16);
  const u3h = v128.load(p3, 16);
  const u4h = v128.load(p4, 16);
  const u5h = v128.load(p5, 16);
  const nearh = scale(<f32>(-1.0 / 6.0), f32x4.add(u1h, u2h));
  const farh = f32x4.add(u3h, u4h);
  const r0h = f32x4.add(f32x4.add(scale(0.25, u0h), nearh), scale(<f32>(1.0 / 24.0), farh));
  const r1h = f32x4.add(scale(<f32>(-1.0 / 6.0), f32x4.sub(u1h, u2h)), scale(<f32>(1.0 / 12.0), f32x4.sub(u3h, u4h)));
  const r2h = f32x4.add(f32x4.add(nearh, scale(<f32>(1.0 / 6.0), farh)), u5h);
  put8(to, r0, r0h);
  put8(to + toStep, r1, r1h);
  put8(to + 2 * toStep, r2, r2h);
}
