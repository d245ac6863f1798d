/** The picture of a source's hours: a bar each, and a line of what is usual. Pure. */
export type VolumeHour = { hour: number; events: number; refused: number; usual: number | null };
export type VolumePicture = {
  left: number;
  bottom: number;
  bars: { x: number; width: number; y: number; height: number; refused: number }[];
  usual: string;
  yTicks: { y: number; value: number }[];
  xTicks: { x: number; at: number }[];
};

const LEFT_PX = 44;
const TOP_PX = 8;
const FOOT_PX = 20;
const GAP_PX = 2;
const TICK_PX_MIN = 56;

export function drawVolume(hours: readonly VolumeHour[], width: number, height: number): VolumePicture {
  const bottom = height - FOOT_PX;
  const most = niceTop(Math.max(1, ...hours.flatMap(({ events, usual }) => [events, usual ?? 0])));
  const slot = Math.max(1, width - LEFT_PX) / Math.max(1, hours.length);
  const up = (value: number) => (value / most) * (bottom - TOP_PX);
  const middle = (index: number) => LEFT_PX + (index + 0.5) * slot;
  let pen = 'M';
  const usual = hours.map(({ usual }, index) => {
    if (usual === null) {
      pen = 'M';
      return '';
    }
    const at = `${pen}${round(middle(index))} ${round(bottom - up(usual))}`;
    pen = 'L';
    return at;
  });
  const every = Math.max(1, Math.ceil(TICK_PX_MIN / slot));
  return {
    left: LEFT_PX,
    bottom,
    bars: hours.map(({ events, refused }, index) => ({
      x: LEFT_PX + index * slot + GAP_PX / 2,
      width: Math.max(1, slot - GAP_PX),
      y: bottom - up(events),
      height: up(events),
      refused: up(refused),
    })),
    usual: usual.join(''),
    yTicks: [0.5, 1].map((share) => ({ y: bottom - up(most * share), value: most * share })),
    xTicks: hours.flatMap(({ hour }, index) =>
      index % every === 0 && index > 0 ? [{ x: middle(index), at: hour }] : [],
    ),
  };
}

/** 2, 4, 10 or 20 times a power of ten: its half is a round number too. */
function niceTop(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  return power * ([1, 2, 4, 10].find((factor) => factor * power >= most) ?? 10) || 1;
}

const round = (value: number): number => Math.round(value * 10) / 10;
