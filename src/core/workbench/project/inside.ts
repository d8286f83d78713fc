import { builtIns } from '../../dataset/builtin/index.ts';
import { FoveaError } from '../../errors.ts';
import { quotePath } from '../../formats/quote.ts';
import type { Adapters } from '../adapters.ts';
import { type Project, type ProjectData, pathOf, present, samePlace } from './project.ts';

/**
 * The same adapters within a project: decisions about its data are the project's own, and what is written down names data
 * and files from the project's folder on, so that it means the same after the folder has moved.
 */
export function inProject(adapters: Adapters, project: Project): Adapters {
  const { storage } = adapters;
  const { folder, data } = project;
  const ownOf = (named: string): ProjectData | undefined =>
    data.find(({ path }) => path !== undefined && samePlace(storage, path, named));
  const besideOf = (named: string): { beside?: string } => {
    const own = ownOf(named);
    return own && !builtIns.has(named) ? { beside: own.stem } : {};
  };
  return {
    ...adapters,
    runs: project.runs,
    openData: (named, request) => adapters.openData(named, { ...request, ...besideOf(named) }),
    describeData: (named, request) => adapters.describeData(named, { ...request, ...besideOf(named) }),
    survey: (named, request) => adapters.survey(named, { ...request, ...besideOf(named) }),
    listPictures: (named, request) => adapters.listPictures(named, { ...request, ...besideOf(named) }),
    thumbnails: (named, origins, request) => adapters.thumbnails(named, origins, { ...request, ...besideOf(named) }),
    beside: (named) => besideOf(named).beside ?? adapters.beside(named),
    resolveData(named) {
      const own = ownOf(named);
      // By name: it holds when the data move, too.
      if (own) return `project:${own.name}`;
      const way = builtIns.has(named) ? undefined : storage.relative(folder, named);
      return way?.startsWith('./') ? way : adapters.resolveData(named);
    },
    locate(recorded) {
      const own = data.find(({ name }) => recorded === `project:${name}`);
      if (own) return present(own).path;
      // What a project says that came from elsewhere must not make this machine call another one.
      if (/^[\\/]{2}/.test(recorded)) {
        throw new FoveaError(`The data ${quotePath(recorded)} lie in a network`, 'Name them with --data');
      }
      return pathOf(storage, folder, recorded);
    },
  };
}
