// Runs before the first paint, as a file of its own because the content security policy forbids inline scripts.
(() => {
  let choice = 'system';
  try {
    choice = localStorage.getItem('tideline.theme') ?? 'system';
  } catch {
    // Storage can be switched off; the system's choice is fine then.
  }
  const dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  const theme = location.pathname.startsWith('/wall') ? 'wall' : dark ? 'dark' : 'light';
  document.documentElement.dataset.theme = theme;
})();
