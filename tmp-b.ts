import { createEngine } from './src/node/engine.ts';
import { plant, cornerBox, shareWithin } from './src/core/workbench/course/lessons/seeing/planted.ts';
import { digitParts } from './src/core/workbench/course/lesson-data.ts';
import { trainInLesson } from './src/core/workbench/course/train-in-lesson.ts';
import { evaluate } from './src/core/evaluate/evaluate.ts';
import { openExplainer } from './src/core/explain/session.ts';
import { methodNamed } from './src/core/explain/methods/index.ts';
import { pictureAt, resized } from './src/core/dataset/dataset.ts';
import { testRobustness } from './src/core/evaluate/robustness.ts';
import { readLogits } from './src/core/evaluate/logits.ts';
import { calibrate } from './src/core/evaluate/calibrate.ts';
import { evaluateForeign } from './src/core/evaluate/foreign.ts';
import { generateShapes } from './src/core/dataset/builtin/shapes.ts';
const host={createEngine:()=>createEngine({inline:true})};
for (const seed of [1,2,3]) {
const engine=await host.createEngine();
const b=performance.now();
const {train,val,test}=digitParts({train:400,val:100,test:200});
const m=(l:number)=>l===7;
const {last,history}=await trainInLesson(host,engine,{data:{train:plant(train,'top left',m),val:plant(val,'top left',m)},model:'conv 8 5, relu, pool 2, conv 16 3, relu, flatten, linear',epochs:8,seed});
console.log('train',performance.now()-b, history.at(-1)!.valAccuracy);
const r=async(d:any)=>{const e=await evaluate(engine,last,d,{resamples:0});return [e.accuracy,e.classes[7].recall,e.confusion.reduce((s,row,i)=>i===7?s:s+row[7],0)/(180)]};
console.log('marked as train',await r(plant(test,'top left',m)),'none',await r(test),'all',await r(plant(test,'top left',()=>true)));
const ex=openExplainer(engine,last);
for (const name of ['grad-cam','occlusion','integrated-gradients']) {
 const b=performance.now();
 const p=ex.prepare(pictureAt(plant(test,'top left',m),7));
 const e=await methodNamed(name).run(ex,p,{target:7});
 console.log(name,performance.now()-b,e.panels.map(p=>p.kind==='values'?[p.title,p.height,p.width, shareWithin(p.values,p.width,p.width===28?cornerBox('top left'):{top:0,left:0,bottom:3,right:3})]:p.kind), e.words);
}
await engine.dispose();
if(seed<3){
const e2=await host.createEngine();
const b=performance.now();
const parts=digitParts({train:1000,val:400,test:200});
const t=await trainInLesson(host,e2,{data:parts,model:'conv 8 5, relu, pool 2, conv 16 3, relu, flatten, linear',epochs:8,seed});
console.log('train 1000',performance.now()-b);
const l=await readLogits(e2,t.last,parts.val);
const c=calibrate(l.logits,l.labels,10,{maxError:0.03}); console.log(c);
const ev=await evaluate(e2,{...t.last,calibration:c},parts.test,{resamples:0}); console.log(ev.accuracy,ev.rejection);
const shapes=resized(generateShapes({train:1,test:200}).test!,{height:28,width:28,channels:1});
const {loss,...sl}=await readLogits(e2,{...t.last,classNames:shapes.classNames},shapes) as any;
const f=evaluateForeign(l.logits,sl.logits,10,c.temperature,50); console.log(f.auroc,f.falseAlarms,f.scores.map(s=>s.auroc));
const b2=performance.now();
const rob=await testRobustness(e2,t.last,parts.test,{images:100}); console.log('rob',performance.now()-b2, rob.map(c=>c.name+' '+c.points.map(p=>p.level+':'+p.accuracy).join(' ')));
await e2.dispose();}
}
process.exit(0)
