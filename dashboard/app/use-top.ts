import { useEffect } from 'react';
import { useLocation } from 'wouter';

/** A page that a link leads to is read from its top. On the way back the browser itself goes to where one was. */
export function useTop(): void {
  const [path] = useLocation();
  useEffect(() => {
    const onPush = (): void => {
      if (location.pathname !== path) scrollTo(0, 0);
    };
    // What wouter makes of history.pushState.
    addEventListener('pushState', onPush);
    return () => removeEventListener('pushState', onPush);
  }, [path]);
}
