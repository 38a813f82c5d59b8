/** Straight lines through measured points. */
export interface Point {
  /** Seconds. */
  readonly at: number;
  readonly value: number;
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** How much the value grows from the first point to the last, by the line of least squares through all of them. */
export function fittedGrowth(points: readonly Point[]): number {
  const at = mean(points.map((point) => point.at));
  const value = mean(points.map((point) => point.value));
  const covariance = mean(points.map((point) => (point.at - at) * (point.value - value)));
  const variance = mean(points.map((point) => (point.at - at) ** 2));
  const span = (points.at(-1)?.at ?? 0) - (points[0]?.at ?? 0);
  return variance === 0 ? 0 : (covariance / variance) * span;
}
