/** The browser's own modal dialog: it keeps the focus inside, gives it back, and closes on Escape. */
import { X } from 'lucide-react';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { IconButton } from './button.tsx';
import css from './dialog.module.css';

interface DialogProps {
  readonly title: ReactNode;
  readonly onClose: () => void;
  /** `sheet` comes from the side and has room for details. */
  readonly shape?: 'box' | 'sheet';
  readonly children: ReactNode;
  readonly footer?: ReactNode;
}

export function Dialog({ title, onClose, shape = 'box', children, footer }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useEffect(() => {
    const dialog = element.current;
    const before = document.activeElement;
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  return (
    <dialog
      ref={element}
      className={`${css.dialog} ${css[shape]}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        // A question that a detail asks is closed alone.
        if (event.target === event.currentTarget) onClose();
      }}
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className={css.inside}>
        <header className={css.head}>
          <h2 id={titleId} tabIndex={-1} autoFocus>
            {title}
          </h2>
          <IconButton label="Close" onClick={onClose}>
            <X aria-hidden="true" />
          </IconButton>
        </header>
        <div className={css.body} tabIndex={0} role="group" aria-labelledby={titleId}>
          {children}
        </div>
        {footer && <footer className={css.foot}>{footer}</footer>}
      </div>
    </dialog>
  );
}
