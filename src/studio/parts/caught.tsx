import { Component, type ErrorInfo, type ReactNode } from 'react';
import { Trouble } from './trouble.tsx';

interface CaughtProps {
  /** Another value shows the content anew: the address, so that leaving is a way out. */
  readonly place: string;
  readonly children: ReactNode;
}

/** A view that fails says so in its place; the thread and the other views stay. */
export class Caught extends Component<CaughtProps, { readonly error?: Error; readonly place?: string }> {
  override state: { readonly error?: Error; readonly place?: string } = {};

  static getDerivedStateFromError(error: Error): { readonly error: Error } {
    return { error };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack);
  }

  override componentDidUpdate(before: CaughtProps): void {
    if (before.place !== this.props.place && this.state.error) this.setState({ error: undefined });
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error ? <Trouble message={error.message} /> : this.props.children;
  }
}
