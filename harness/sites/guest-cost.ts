/** What guests cost, for the bench that measures it. */
export { type ProcessorTime, processorTime, runningGuests } from './vm/processor-time.js';
