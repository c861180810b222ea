using System.Text;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Tests;

/// <summary>Rows of `kubectl get -o wide`, as upstream prints them.</summary>
public sealed class TableTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private const string Meta = """ "metadata":{"name":"x","namespace":"ns","creationTimestamp":"2029-12-30T12:00:00Z"} """;
    private const string Template = """ "template":{"metadata":{"labels":{"b":"2","a":"1"}},"spec":{"containers":[{"name":"m","image":"nginx"},{"name":"s","image":"envoy:1"}]}} """;

    public static TheoryData<string, string, string> Rows => new()
    {
        { "Namespace", """{ META, "status":{"phase":"Active"}}""", "x|Active|2d" },
        { "Node", """{ META }""", "x|Unknown|<none>|2d||<none>|<none>|<unknown>|<unknown>|<unknown>" },
        {
            "Node",
            """
            {"metadata":{"name":"n","creationTimestamp":"2029-01-01T12:00:00Z","labels":{"node-role.kubernetes.io/worker":"","node-role.kubernetes.io/":"","node-role.kubernetes.io/control-plane":"","kubernetes.io/role":"extra"}},
             "spec":{"unschedulable":true},"status":{"conditions":[{"type":"DiskPressure","status":"True"},{"type":"Ready","status":"True"}],
             "addresses":[{"type":"Hostname","address":"h"},{"type":"InternalIP","address":"10.0.0.1"},{"type":"ExternalIP","address":"1.2.3.4"}],
             "nodeInfo":{"kubeletVersion":"v1.36.0","osImage":"Debian","kernelVersion":"6.1","containerRuntimeVersion":"containerd://2.0.0"}}}
            """,
            "n|Ready,SchedulingDisabled|control-plane,extra,worker|365d|v1.36.0|10.0.0.1|1.2.3.4|Debian|6.1|containerd://2.0.0"
        },
        { "Node", """{ META, "status":{"conditions":[{"type":"Ready","status":"Unknown"}]}}""", "x|NotReady|<none>|2d||<none>|<none>|<unknown>|<unknown>|<unknown>" },
        { "PodTemplate", """{ META, TEMPLATE }""", "x|m,s|nginx,envoy:1|a=1,b=2" },

        { "Service", """{ META, "spec":{"type":"ClusterIP","clusterIP":"10.96.0.1","clusterIPs":["10.96.0.1"],"ports":[{"port":443,"protocol":"TCP"}]}}""", "x|ClusterIP|10.96.0.1|<none>|443/TCP|2d|<none>" },
        {
            "Service",
            """{ META, "spec":{"type":"NodePort","clusterIP":"10.96.0.2","clusterIPs":["10.96.0.2"],"selector":{"app":"web"},"ports":[{"port":80,"nodePort":30080,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]}}""",
            "x|NodePort|10.96.0.2|<none>|80:30080/TCP,53/UDP|2d|app=web"
        },
        { "Service", """{ META, "spec":{"type":"ClusterIP","clusterIPs":["None"],"externalIPs":["1.1.1.1","2.2.2.2"]}}""", "x|ClusterIP|None|1.1.1.1,2.2.2.2|<none>|2d|<none>" },
        { "Service", """{ META, "spec":{"type":"LoadBalancer","clusterIPs":["10.96.0.3"]}}""", "x|LoadBalancer|10.96.0.3|<pending>|<none>|2d|<none>" },
        {
            "Service",
            """{ META, "spec":{"type":"LoadBalancer","clusterIPs":["10.96.0.3"],"externalIPs":["1.1.1.1"]},"status":{"loadBalancer":{"ingress":[{"ip":"9.9.9.9"},{"hostname":"lb.example"},{"ip":"8.8.8.8"}]}}}""",
            "x|LoadBalancer|10.96.0.3|8.8.8.8,9.9.9.9,lb.example,1.1.1.1|<none>|2d|<none>"
        },
        { "Service", """{ META, "spec":{"type":"ExternalName","externalName":"db.example"}}""", "x|ExternalName|<none>|db.example|<none>|2d|<none>" },

        { "Endpoints", """{ META }""", "x|<none>|2d" },
        { "Endpoints", """{ META, "subsets":[{"addresses":[{"ip":"10.0.0.1"},{"ip":"fd00::1"}],"ports":[{"port":80}]}]}""", "x|10.0.0.1:80,[fd00::1]:80|2d" },
        { "Endpoints", """{ META, "subsets":[{"addresses":[{"ip":"10.0.0.1"},{"ip":"10.0.0.2"}],"ports":[{"port":80},{"port":443}]}]}""", "x|10.0.0.1:80,10.0.0.2:80,10.0.0.1:443 + 1 more...|2d" },
        { "Endpoints", """{ META, "subsets":[{"addresses":[{"ip":"10.0.0.1"}]}]}""", "x|10.0.0.1|2d" },
        { "EndpointSlice", """{ META, "addressType":"IPv4" }""", "x|IPv4|<unset>|<unset>|2d" },
        {
            "EndpointSlice",
            """{ META, "addressType":"IPv4","ports":[{"port":80},{"name":"any"},{}],"endpoints":[{"addresses":["10.0.0.1"]},{"addresses":["10.0.0.2"]},{"addresses":["10.0.0.3"]},{"addresses":["10.0.0.4"]},{"addresses":["10.0.0.5"]}]}""",
            "x|IPv4|80,any,*|10.0.0.1,10.0.0.2,10.0.0.3 + 2 more...|2d"
        },
        { "ConfigMap", """{ META, "data":{"a":"1","b":"2"},"binaryData":{"c":"AA=="}}""", "x|3|2d" },
        { "Secret", """{ META, "type":"Opaque","data":{"a":"AA=="}}""", "x|Opaque|1|2d" },
        { "ServiceAccount", """{ META }""", "x|0|2d" },

        { "Deployment", """{ META, "spec":{"replicas":3,"selector":{"matchLabels":{"b":"2","a":"1"},"matchExpressions":[{"key":"aa","operator":"In","values":["y","x"]},{"key":"c","operator":"DoesNotExist"}]},TEMPLATE},"status":{"readyReplicas":2,"updatedReplicas":3,"availableReplicas":1}}""", "x|2/3|3|1|2d|m,s|nginx,envoy:1|a=1,aa in (x,y),b=2,!c" },
        { "Deployment", """{ META, "spec":{"replicas":0,"selector":{"matchExpressions":[{"key":"a","operator":"Like"}]}}}""", "x|0/0|0|0|2d|||<invalid>" },
        { "ReplicaSet", """{ META, "spec":{"replicas":3,"selector":{},TEMPLATE},"status":{"replicas":2,"readyReplicas":1}}""", "x|3|2|1|2d|m,s|nginx,envoy:1|<none>" },
        { "ReplicaSet", """{ META, "spec":{"selector":{"matchExpressions":[{"key":"a","operator":"In"}]}}}""", "x|0|0|0|2d|||<error>" },
        { "ControllerRevision", """{"metadata":{"name":"x","creationTimestamp":"2029-12-30T12:00:00Z","ownerReferences":[{"apiVersion":"apps/v1","kind":"DaemonSet","name":"d","uid":"1","controller":true}]},"revision":7}""", "x|daemonset.apps/d|7|2d" },
        { "ControllerRevision", """{ META, "revision":1}""", "x|<none>|1|2d" },

        { "Job", """{ META, "spec":{"completions":3,TEMPLATE,"selector":{"matchLabels":{"u":"1"}}},"status":{"succeeded":1,"startTime":"2030-01-01T11:55:00Z"}}""", "x|Running|1/3|5m|2d|m,s|nginx,envoy:1|u=1" },
        { "Job", """{ META, "spec":{"parallelism":4},"status":{"conditions":[{"type":"Complete","status":"True"}],"startTime":"2030-01-01T11:00:00Z","completionTime":"2030-01-01T11:02:05Z"}}""", "x|Complete|0/1 of 4|2m5s|2d|||<none>" },
        { "Job", """{ META, "spec":{"parallelism":1},"status":{"conditions":[{"type":"Failed","status":"True"}]}}""", "x|Failed|0/1||2d|||<none>" },
        { "Job", """{ META, "spec":{"completions":1},"status":{"conditions":[{"type":"Suspended","status":"True"}]}}""", "x|Suspended|0/1||2d|||<none>" },
        { "Job", """{ META, "spec":{"completions":1},"status":{"conditions":[{"type":"FailureTarget","status":"True"}]}}""", "x|FailureTarget|0/1||2d|||<none>" },
        { "CronJob", """{ META, "spec":{"schedule":"*/5 * * * *","suspend":false,"jobTemplate":{"spec":{TEMPLATE}}},"status":{"active":[{}],"lastScheduleTime":"2030-01-01T11:59:00Z"}}""", "x|*/5 * * * *|<none>|False|1|60s|2d|m,s|nginx,envoy:1|<none>" },
        { "CronJob", """{ META, "spec":{"schedule":"@daily","timeZone":"Europe/Paris","suspend":true}}""", "x|@daily|Europe/Paris|True|0|<none>|2d|||<none>" },

        { "Lease", """{ META, "spec":{"holderIdentity":"me"}}""", "x|me|2d" },
        { "Scale", """{ META, "spec":{"replicas":2},"status":{"replicas":1}}""", "x|2|1|2d" },
        {
            "RoleBinding",
            """{ META, "roleRef":{"kind":"Role","name":"r"},"subjects":[{"kind":"User","name":"u"},{"kind":"User","name":"v"},{"kind":"Group","name":"g"},{"kind":"ServiceAccount","name":"s","namespace":"ns"}]}""",
            "x|Role/r|2d|u, v|g|ns/s"
        },
        { "ClusterRoleBinding", """{"metadata":{"name":"x"},"roleRef":{"kind":"ClusterRole","name":"r"}}""", "x|ClusterRole/r|<unknown>|||" },

        {
            "v1/Event",
            """{ META, "involvedObject":{"kind":"Pod","name":"p","fieldPath":"spec.containers{m}"},"reason":"Pulled","message":" done \n","type":"Normal","source":{"component":"kubelet","host":"n1"},"count":3,"firstTimestamp":"2030-01-01T11:00:00Z","lastTimestamp":"2030-01-01T11:59:30Z"}""",
            "30s|Normal|Pulled|pod/p|spec.containers{m}|kubelet, n1|done|60m|3|x"
        },
        {
            "v1/Event",
            """{ META, "involvedObject":{"kind":"Pod"},"type":"Warning","reportingComponent":"sched","reportingInstance":"i","eventTime":"2030-01-01T11:59:00.000000Z"}""",
            "60s|Warning||pod||sched, i||60s|1|x"
        },
        {
            "events.k8s.io/v1/Event",
            """{ META, "regarding":{"kind":"Node","name":"n"},"note":"hot","type":"Warning","reason":"Temp","reportingController":"c","eventTime":"2030-01-01T11:58:00.000000Z","series":{"count":9,"lastObservedTime":"2030-01-01T11:59:55.000000Z"}}""",
            "5s|Warning|Temp|node/n||c|hot|2m|9|x"
        },
        { "v1/Event", """{ META }""", "<unknown>||||||| <unknown>|1|x".Replace(" ", "") },
    };

    [Theory, MemberData(nameof(Rows))]
    public void A_row_reads_as_upstream_prints_it(string kind, string json, string expected)
    {
        var info = GeneratedKinds.All.Concat(GeneratedKinds.OfSubresources).Single(k => kind.Contains('/') ? $"{k.ApiVersion}/{k.Kind}" == kind : k.Kind == kind);
        var bytes = Encoding.UTF8.GetBytes(json.Replace("META", Meta.Trim()).Replace("TEMPLATE", Template.Trim()));
        Assert.Equal(expected, string.Join('|', info.Rules.Cells(bytes, Now)));
    }

    [Fact]
    public void Every_table_has_as_many_cells_as_columns_and_each_cell_fits_its_type()
    {
        foreach (var kind in GeneratedKinds.All.Concat(GeneratedKinds.OfSubresources))
        {
            if (kind.Rules.Columns is not { } columns) continue;
            var cells = kind.Rules.Cells("{}"u8, Now);
            Assert.Equal(columns.Count, cells.Count);
            Assert.All(columns.Zip(cells), pair => Assert.True(pair.First.Type != "integer" || pair.Second is long, $"{kind.Kind} {pair.First.Name}"));
            Assert.All(columns, column => Assert.NotEmpty(column.Description));
        }
    }

    [Fact]
    public void Columns_have_upstreams_names_formats_and_priorities()
    {
        string Of(string kind) => string.Join(' ', GeneratedKinds.All.Single(k => k.Kind == kind && k.Group != "events.k8s.io").Rules.Columns!
            .Select(c => $"{c.Name.Replace(' ', '_')}:{c.Type[..3]}{(c.Format.Length > 0 ? "/" + c.Format : "")}{(c.Priority > 0 ? "*" : "")}"));
        Assert.Equal("Name:str/name Ready:str Status:str Restarts:str Age:str IP:str* Node:str* Nominated_Node:str* Readiness_Gates:str*", Of("Pod"));
        Assert.Equal("Name:str/name Ready:str Up-to-date:str Available:str Age:str Containers:str* Images:str* Selector:str*", Of("Deployment"));
        Assert.Equal("Name:str/name Desired:int Current:int Ready:int Age:str Containers:str* Images:str* Selector:str*", Of("ReplicaSet"));
        Assert.Equal("Name:str/name Status:str Completions:str Duration:str Age:str Containers:str* Images:str* Selector:str*", Of("Job"));
        Assert.Equal("Name:str/name Schedule:str Timezone:str Suspend:boo Active:int Last_Schedule:str Age:str Containers:str* Images:str* Selector:str*", Of("CronJob"));
        Assert.Equal("Name:str/name Type:str Cluster-IP:str External-IP:str Port(s):str Age:str Selector:str*", Of("Service"));
        Assert.Equal("Name:str/name Status:str Roles:str Age:str Version:str Internal-IP:str* External-IP:str* OS-Image:str* Kernel-Version:str* Container-Runtime:str*", Of("Node"));
        Assert.Equal("Last_Seen:str Type:str Reason:str Object:str Subobject:str* Source:str* Message:str First_Seen:str* Count:str* Name:str/name*", Of("Event"));
        Assert.Equal("Name:str/name Role:str Age:str Users:str* Groups:str* ServiceAccounts:str*", Of("RoleBinding"));
        Assert.Equal("Name:str/name AddressType:str Ports:str Endpoints:str Age:str", Of("EndpointSlice"));
    }

    [Theory]
    [InlineData(-2, "<invalid>")]
    [InlineData(-1, "0s")]
    [InlineData(0, "0s")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(599, "9m59s")]
    [InlineData(600, "10m")]
    [InlineData(3 * 3600 - 1, "179m")]
    [InlineData(3 * 3600, "3h")]
    [InlineData(7 * 3600 + 59 * 60, "7h59m")]
    [InlineData(8 * 3600, "8h")]
    [InlineData(48 * 3600 - 1, "47h")]
    [InlineData(48 * 3600, "2d")]
    [InlineData(49 * 3600, "2d1h")]
    [InlineData(8 * 86400 - 1, "7d23h")]
    [InlineData(8 * 86400, "8d")]
    [InlineData(2 * 365 * 86400 - 1, "729d")]
    [InlineData(2 * 365 * 86400, "2y")]
    [InlineData(3 * 365 * 86400 + 5 * 86400, "3y5d")]
    [InlineData(8 * 365 * 86400, "8y")]
    public void A_duration_keeps_two_or_three_figures(int seconds, string expected) => Assert.Equal(expected, HumanDuration.Of(TimeSpan.FromSeconds(seconds)));
}
