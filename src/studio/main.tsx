import './styles/tokens.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/controls.css';
import './styles/parts.css';
import './styles/charts.css';
import './styles/gallery.css';
import './styles/train.css';
import './styles/model.css';
import './styles/data.css';
import './styles/classify.css';
import './styles/explain.css';
import './styles/course.css';
import './styles/views.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { BenchProvider } from './bench/bench.tsx';
import { connect } from './client/connect.ts';
import { ClientProvider, JobsProvider } from './client/use-client.tsx';
import { applyTheme } from './frame/theme.ts';
import { WordsProvider } from './words/use-words.tsx';

applyTheme();
const client = connect();
createRoot(document.getElementById('studio') as HTMLElement).render(
  <StrictMode>
    <WordsProvider>
      <ClientProvider client={client}>
        <JobsProvider>
          <BenchProvider>
            <App />
          </BenchProvider>
        </JobsProvider>
      </ClientProvider>
    </WordsProvider>
  </StrictMode>,
);
