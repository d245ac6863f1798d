/** What can be done to a screen by a key, whether or not its controls are in the picture. */
import { useRouter } from 'vue-router';
import { useCommandKeys, useCommands } from '../commands/commands.ts';
import { useSession } from '../session/session.ts';

export type ScreenActs = {
  /** A wall screen of its own has nowhere to go. */
  readonly canLeave: boolean;
  leave(): void;
  fullScreen(): void;
  step(by: number): void;
};

export function useScreenActs(several: () => boolean, turns: { step(by: number): void; pause(): void }): ScreenActs {
  const router = useRouter();
  const session = useSession();
  const mayLeave = () => session.may('see-exceptions') || session.may('save-views');

  useCommandKeys();
  useCommands(() => [
    { id: 'wall-leave', title: 'Leave the wall', group: 'Go to', keys: ['escape'], when: mayLeave, run: leave },
    { id: 'wall-full', title: 'Full screen', group: 'View', keys: ['f'], run: fullScreen },
    {
      id: 'wall-next',
      title: 'Next board',
      group: 'Move',
      keys: ['arrowright'],
      when: several,
      run: () => turns.step(1),
    },
    {
      id: 'wall-previous',
      title: 'Previous board',
      group: 'Move',
      keys: ['arrowleft'],
      when: several,
      run: () => turns.step(-1),
    },
    {
      id: 'wall-pause',
      title: 'Pause the turns, or go on',
      group: 'View',
      keys: ['p'],
      when: several,
      run: turns.pause,
    },
  ]);

  return {
    get canLeave() {
      return mayLeave();
    },
    leave,
    fullScreen,
    step: turns.step,
  };

  function leave(): void {
    if (document.fullscreenElement !== null) void document.exitFullscreen();
    router.push(session.may('see-exceptions') ? '/exceptions' : '/boards');
  }

  function fullScreen(): void {
    if (document.fullscreenElement !== null) void document.exitFullscreen();
    // Refused where the browser was told to stay in its window: there it is in full anyway.
    else void document.documentElement.requestFullscreen().catch(() => undefined);
  }
}
