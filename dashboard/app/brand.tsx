import css from './shell.module.css';

export function Brand() {
  return (
    <span className={css.brand}>
      <img src="/icon.svg" alt="" />
      Kure Monitor
    </span>
  );
}
