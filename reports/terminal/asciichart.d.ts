/** The part of asciichart that the reports use; the package brings no types. */
declare module 'asciichart' {
  interface PlotOptions {
    height?: number;
    min?: number;
    max?: number;
    offset?: number;
    format?: (value: number, index: number) => string;
  }
  const asciichart: { plot(series: number[] | number[][], options?: PlotOptions): string };
  export default asciichart;
}
