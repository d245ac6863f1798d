/** What is kept for somebody, and what becomes of it. */
import type { Kpi } from '../definition.ts';
import { reservationKpis } from './reservations.ts';

export const reservationsKpis: readonly Kpi[] = [...reservationKpis];
