package zzfts
import ("testing";"database/sql";"time";"strings";"fmt";"encoding/json";"syscall";"os"
 _ "modernc.org/sqlite"
 "github.com/sentrial/sentrial-go/server/internal/millionevents"
)
func cpu() time.Duration { var r syscall.Rusage; syscall.Getrusage(0,&r); return time.Duration(r.Utime.Nano()+r.Stime.Nano()) }
func TestFTS(t *testing.T){
 for _,round:=range []int{1000,5000} { for _,opts:=range []string{"", ", columnsize=0"} {
 os.Remove("/tmp/fts.db");os.Remove("/tmp/fts.db-wal");os.Remove("/tmp/fts.db-shm")
 db,_:=sql.Open("sqlite","file:/tmp/fts.db?_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=cache_size(-65536)&_pragma=wal_autocheckpoint(4000)&_pragma=page_size(8192)"); db.SetMaxOpenConns(1)
 cd:="contentless_delete=1,"; if opts!="" {cd=""}
 if _,err:=db.Exec("CREATE VIRTUAL TABLE search USING fts5 (words, content = '', "+cd+" detail = none, tokenize = 'ascii'"+opts+")"); err!=nil {t.Fatal(err)}
 n:=100000; var tok, ins time.Duration
 sess:=map[string]map[string]bool{}; keys:=map[string]int{}; k:=0; distinct:=0; rows:=0
 flush:=func(){ t0:=cpu(); tx,_:=db.Begin(); for s,ws:=range sess { var b strings.Builder; for w:=range ws { b.WriteString(w); b.WriteByte(' ') }; keys[s]++; distinct+=len(ws); rows++
   var h int64; for _,c:=range s {h=h*31+int64(c)}; if h<0 {h=-h}; h%=1<<30
   k++; if _,err:=tx.Exec("INSERT INTO search(rowid,words) VALUES(?,?)", int64(k), b.String()); err!=nil {t.Fatal(err)} }; tx.Commit(); sess=map[string]map[string]bool{}; ins+=cpu()-t0 }
 i:=0
 for line:=range millionevents.Lines(millionevents.Config{Seed:1,Events:n,End:time.Now()}) { t0:=cpu(); var m map[string]any; json.Unmarshal(line,&m); s:=m["session_id"].(string); ws:=sess[s]; if ws==nil {ws=map[string]bool{}; sess[s]=ws}
   for _,v:=range m { if x,ok:=v.(string);ok { for _,w:=range strings.Fields(x) {ws[w]=true} } }; if ms,ok:=m["messages"].([]any);ok { for _,w:=range strings.Fields(ms[1].(map[string]any)["content"].(string)) {ws[w]=true} }
   tok+=cpu()-t0; i++; if i%round==0 {flush()} }
 st,_:=os.Stat("/tmp/fts.db")
 fmt.Printf("round %d opts %q: insert %.1f us/event, distinct per event %.1f rows %d, file %d MB\n", round, opts, float64(ins.Microseconds())/float64(n), float64(distinct)/float64(n), rows, st.Size()>>20)
 db.Close() }}
}
