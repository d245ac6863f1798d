/** What the fields of settings are called on the screen, their units, and what is worth knowing when filling them in. */
export type Unit = '' | 'money' | 'share' | '%' | 'min' | 'hours' | 'days' | 'units' | 'lines' | 'per hour' | 'per day';

type Words = { label: string; hint: string };

/** By name; where the same name needs other words, by what it is part of (`nodes.name`). Label, then hint. */
const words: Record<string, [label: string, hint?: string]> = {
  node: ['Node', 'The short name events use, such as BER-1.'],
  channel: ['Channel', 'The short name events use, such as web.'],
  source: ['Source', 'The short name events use.'],
  sku: ['SKU'],
  'nodes.node': ['Node', 'The short name events use, such as BER-1. It cannot be changed later.'],
  'channels.channel': ['Channel', 'The short name events use, such as web. It cannot be changed later.'],
  'sources.source': ['Source', 'The short name it sends under. It cannot be changed later.'],
  'items.sku': ['SKU', 'It cannot be changed later.'],
  name: ['Name'],
  kind: ['Kind'],
  timeZone: ['Time zone', 'Such as Europe/Berlin.'],
  'workspace.timeZone': ['Time zone', 'Days of KPIs begin at midnight here.'],
  'workspace.currency': ['Currency', 'Three letters, such as EUR. Money of all figures is in it.'],
  'workspace.simulated': ['Simulated', 'On while the simulated company feeds it. Every page says so.'],
  'workspace.mode': [
    'Who allocates',
    'decide: Tideline allocates orders. advise: another system does, and Tideline records what it did.',
  ],
  currency: ['Currency', 'Three letters, such as EUR.'],
  cutOff: ['Cut-off', 'Node-local time. What comes later leaves the next working day.'],
  workdays: ['Ships on'],
  holidays: ['Holidays', 'One date per line, such as 2026-12-25. It does not ship on these.'],
  extraWorkdays: ['Extra working days', 'One date per line. It ships on these although the weekday says otherwise.'],
  opensAt: ['Opens', '08:00 unless said.'],
  closesAt: ['Closes', '18:00 unless said.'],
  linesPerHour: ['Picking pace', 'Order lines in an hour.'],
  capacityLinesPerDay: ['Capacity', 'Order lines in a working day.'],
  carriers: ['Carriers'],
  carrier: ['Carrier'],
  zones: ['Zones', 'Where its parcels go, and what that takes.'],
  zone: ['Zone'],
  countries: ['Countries', 'One per line. Empty: everywhere.'],
  pickup: ['Collection', 'Node-local time.'],
  unitsMax: ['Largest parcel'],
  'publication.channels.unitsMax': ['Never tell more than'],
  costPerShipment: ['Cost per shipment'],
  costPerUnit: ['Cost per unit'],
  transitDays: ['Transit'],
  active: ['Active'],
  'channels.nodes': ['Ships from', 'Nodes, one per line, first choice first.'],
  buffer: ['Buffer', 'Units never shown to this channel, against overselling between two updates.'],
  penalty: ['Penalty', 'What one late or cancelled order costs besides its margin.'],
  silentAfterMinutes: ['Silent after', 'Without an event for so long, it counts as silent.'],
  riskPerMinute: ['Risk per minute', 'What a minute without it puts at risk.'],
  category: ['Category'],
  unitCost: ['Unit cost'],
  unitPrice: ['Unit price'],
  supplier: ['Supplier'],
  abc: ['Class', 'Sets how exact a count must be.'],
  safetyStock: ['Safety stock', 'Kept back at every node before anything is promised.'],
  packSize: ['Pack size'],
  baseUnit: ['Counted in'],
  units: ['Units'],
  'items.units': ['Packs', 'Units events may speak of instead, such as a case of 12.'],
  unit: ['Pack'],
  factor: ['Holds'],
  lotTracked: ['Tracked by lot', 'Receipts must name a lot; what expires first goes first.'],
  rules: ['Rules', 'The first one that fits wins. What a rule leaves empty fits everything.'],
  'protection.rules': [
    'Rules',
    'Best first: a rule binds everybody except those it names and those an earlier rule names.',
  ],
  area: ['Area'],
  owner: ['Owner'],
  criticalFrom: ['Critical from'],
  highFrom: ['High from'],
  reopenWhenWorsePercent: [
    'Comes back when worse by',
    'What was resolved, dismissed or snoozed comes back when so much more is at risk.',
  ],
  kinds: ['By kind of exception', 'What is left empty stays as its rule has it.'],
  off: ['Switched off'],
  holdMinutes: ['Must hold for'],
  recoverMinutes: ['Must be gone for'],
  severityAtLeast: ['At least'],
  severityAtMost: ['At most'],
  on: ['On'],
  routes: ['Routes', 'The first that fits holds. When none fits, nobody is told.'],
  when: ['When', 'Everything that is filled in must fit; what is empty fits always.'],
  areas: ['Areas'],
  'routes.when.kinds': ['Kinds', 'Of exceptions, one per line, such as stockout-expected.'],
  'routes.when.nodes': ['Nodes', 'One per line.'],
  'routes.when.channels': ['Channels', 'Sales channels, one per line.'],
  'routes.when.owners': ['Owners', 'One per line, such as inventory planner.'],
  moneyFrom: ['Money at risk from'],
  'routes.to': ['Told', 'One per line: owner, channel:<short name>, person:<e-mail> or role:<role>.'],
  escalate: ['When nobody acts', 'Who is told as well, and after how long.'],
  'routes.quietHours': ['Quiet hours', 'By their name below. Empty: told at any time.'],
  'quietHours.from': ['From'],
  'quietHours.to': ['Until'],
  'quietHours.days': ['Begins on'],
  quietHours: ['Quiet hours', 'What comes up meanwhile is told when they are over, as one message.'],
  exceptSeverity: ['Told all the same from'],
  exceptMoneyFrom: ['Told all the same from money'],
  tellEnd: ['Tell its end'],
  'alerts.owners': ['Whom owners are', 'By the name of the owner.'],
  digest: ['Digest', 'More than this many for one receiver become one message with the list.'],
  moreThan: ['More than'],
  'digest.withinMinutes': ['Within'],
  'escalate.afterMinutes': ['After'],
  'escalate.to': ['Told as well', 'One per line.'],
  settleMinutes: ['Told once it has stood for', 'What is over by then is told to nobody.'],
  againWhenWorsePercent: ['Told again when worse by'],
  alarmsPerSeriesAndWeek: ['Alarms a week', 'About as many as one series may cost without anything being wrong.'],
  'signals.series': ['Series', 'By KPI or by series, such as orders or orders/channel=web.'],
  scoreAtLeast: ['Score at least', '0 to 1. Empty: by the alarms a week.'],
  thresholds: ['Limits', 'By their names in the catalog of exceptions.'],
  shortage: ['When nobody can give it', 'backorder: it waits. refuse: it is cancelled at once.'],
  ranks: ['Ranks', 'The first rule that fits an order gives its rank; 1 is the best. Who fits none has rank 50.'],
  rank: ['Rank'],
  channels: ['Channels', 'One per line. Empty: all.'],
  'publication.channels': ['Channels that are told'],
  'lateness.channels': ['By channel', 'The same for single channels, in percent.'],
  segments: ['Segments', 'One per line. Empty: all.'],
  services: ['Services', 'One per line. Empty: all.'],
  marginShareFrom: ['Margin from', 'Of the whole order.'],
  lastUnits: ['Last units', 'The last units of a SKU at a node go only to orders of these ranks.'],
  ranksUpTo: ['To ranks up to'],
  cartMinutes: ['A cart is kept for'],
  cartMinutesMax: ['A cart is kept at most for'],
  quantity: ['Units kept'],
  share: ['Share kept', 'Of both, the greater counts.'],
  lapsesAt: ['Lapses at'],
  lapsesHoursBeforeCutOff: ['Lapses before cut-off', 'In the last hours it is open to everybody.'],
  supplierShareUnproven: [
    'Counted on, unproven',
    'Of a confirmed receipt, while the supplier has no record of its own.',
  ],
  provenAtUnits: ['Proven at', 'Units due before a supplier’s own record counts for half.'],
  handlingHours: ['Handling', 'From the expected receipt until the goods can leave.'],
  exactUpTo: ['Every change up to'],
  changeShare: ['Above it, changes of'],
  backFrom: ['Back on sale from'],
  horizonDays: ['Looks ahead'],
  learnDays: ['Learns from'],
  unitsMin: ['Watched from', 'Slower movers are not watched: units sold in those days.'],
  cancelPercent: ['Customers who cancel', 'Of a late order.'],
  automatic: ['Release by itself'],
  everyMinutes: ['Looks every'],
  horizonHours: ['Not earlier than', 'Before the order is due.'],
  workAheadMinutes: ['Work ahead, at most'],
  linesMax: ['Lines in a wave, at most'],
  linesMin: ['Lines in a wave, at least'],
  partial: ['Begin with part of an order'],
  ordersMax: ['Orders of one proposal'],
  splits: ['May split orders further'],
  costPercentMax: ['Cost, at most', 'Of what being late would cost.'],
  spareCapacityPercent: ['Kept free for orders to come'],
  shipmentsMax: ['Shipments per order, at most'],
  onTimeFirst: ['On time before fewer parcels'],
  holds: ['Holds'],
  fraud: ['Fraud'],
  payment: ['Payment'],
  address: ['Address'],
  other: ['Other'],
  agesAfterMinutes: ['Somebody is told after'],
  givesBackAfterMinutes: ['Gives its stock back after', 'Empty: it keeps its stock.'],
  pickWithinMinutes: ['Pick within'],
  proofWithinMinutes: ['Proof of dispatch within'],
  scannedNodes: ['Nodes whose parcels are scanned', 'One per line; * for all.'],
  deliveriesAreReported: ['Deliveries are reported'],
  deliveryGraceMinutes: ['Grace for deliveries'],
  unallocatedAfterMinutes: ['Waiting for stock is told after'],
  refundBeyondShare: ['Refunds may pass the order by'],
  shortPicked: ['Units not found go to'],
  reason: ['Reason'],
  to: ['Goes to'],
  inspect: ['Somebody looks first'],
  otherwise: ['Otherwise'],
  judgeWithinHours: ['Judge within'],
  agedAfterDays: ['Aged after'],
  nearExpiryDays: ['Near its date'],
  amountFrom: ['Worth telling from'],
  measure: ['Measure'],
  treat: ['Is', 'authoritative moves stock to it, advisory only records the drift, ignored does nothing.'],
  driftUnits: ['Agreement within'],
  driftShare: ['or within'],
  rowsLostShare: ['Rows fewer'],
  rowsGainedShare: ['Rows more'],
  sumShare: ['Sum of units changed'],
  changedShare: ['Rows that disagree'],
  rowsMin: ['Judged from', 'Smaller snapshots are believed. Rows.'],
  toleranceA: ['Class A is right within'],
  toleranceB: ['Class B is right within'],
  toleranceC: ['Class C is right within'],
  lowBelow: ['Confidence is low below'],
  okFrom: ['Confidence is good from'],
  answerWithinMinutes: ['Answer within'],
  attempts: ['Attempts'],
};

const money: ReadonlySet<string> = new Set(
  'unitCost unitPrice costPerShipment costPerUnit penalty riskPerMinute criticalFrom highFrom amountFrom'.split(' '),
);
const shares: ReadonlySet<string> = new Set('toleranceA toleranceB toleranceC lowBelow okFrom share'.split(' '));
const counts: Record<string, Unit> = {
  buffer: 'units',
  safetyStock: 'units',
  packSize: 'units',
  factor: 'units',
  quantity: 'units',
  units: 'units',
  exactUpTo: 'units',
  backFrom: 'units',
  provenAtUnits: 'units',
  driftUnits: 'units',
  unitsMin: 'units',
  unitsMax: 'units',
  linesPerHour: 'per hour',
  capacityLinesPerDay: 'per day',
  linesMax: 'lines',
  linesMin: 'lines',
  lapsesHoursBeforeCutOff: 'hours',
};

export function unitOf(name: string): Unit {
  if (counts[name] !== undefined) return counts[name];
  if (money.has(name)) return 'money';
  if (shares.has(name) || /Share(From|Unproven)?$/.test(name)) return 'share';
  if (/Percent(Max)?$/.test(name)) return '%';
  if (/Minutes(Max)?$/.test(name)) return 'min';
  if (/Hours$/.test(name)) return 'hours';
  return /Days$/.test(name) ? 'days' : '';
}

/** @param place the names from the setting down to the field: `publication.channels.unitsMax` */
export function wordsOf(name: string, place: string): Words {
  const [label, hint = ''] = words[place] ?? words[name] ?? [spelledOut(name)];
  return { label, hint };
}

/** `carrierCode` -> `Carrier code`: a field that is new here still has a name. */
function spelledOut(name: string): string {
  const spaced = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** How a path of a problem or a change is said: `rules.0.owner` -> `Rules 1, Owner`. */
export function pathInWords(path: string, subject: string): string {
  if (path === '') return 'All of it';
  const said: string[] = [];
  let place = subject;
  for (const step of path.split('.')) {
    if (/^\d+$/.test(step) && said.length > 0) said.push(`${said.pop()} ${Number(step) + 1}`);
    else {
      place = `${place}.${step}`;
      said.push(wordsOf(step, place).label);
    }
  }
  return said.join(', ');
}
