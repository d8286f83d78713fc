export { isLoopback } from './access.ts';
export { ownCertificate } from './certificate.ts';
export { type ServerOptions, type StudioServer, serveStudio, usualPort } from './server.ts';
