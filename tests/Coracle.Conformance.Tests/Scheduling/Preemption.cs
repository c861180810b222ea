using Coracle.Conformance.Tests.Apps;
using static Coracle.Conformance.Tests.Apps.Steps;

namespace Coracle.Conformance.Tests.Scheduling;

/// <summary>Upstream: test/e2e/scheduling/preemption.go. Extended resources of its own keep each test from the others.</summary>
public sealed class Preemption(Cluster cluster) : IClassFixture<Cluster>
{
    private async Task Offer(string resource, int amount, params string[] nodes)
    {
        foreach (var node in nodes)
            (await cluster.Patch($"/api/v1/nodes/{node}/status", $$$"""{"status":{"capacity":{"{{{resource}}}":"{{{amount}}}"},"allocatable":{"{{{resource}}}":"{{{amount}}}"} } }""", Cluster.Strategic)).Is(200);
    }

    private async Task<string> Priority(string name, int value)
    {
        await cluster.Create("/apis/scheduling.k8s.io/v1/priorityclasses", $$$"""{"metadata":{"name":"{{{name}}}"},"value":{{{value}}}}""");
        return name;
    }

    private static string Asks(string resource, int amount) => $$$""","resources":{"requests":{"{{{resource}}}":"{{{amount}}}"},"limits":{"{{{resource}}}":"{{{amount}}}"}}""";

    private async Task<string> Create(string ns, string pod, string priority, string resource, int amount, string spec = "", string meta = "")
    {
        await cluster.Create(Core(ns, "pods"), Samples.Pod(pod, meta, $$$""","priorityClassName":"{{{priority}}}"{{{spec}}}""", Asks(resource, amount)));
        return $"{Core(ns, "pods")}/{pod}";
    }

    private Task<Answer> Runs(string pod) => cluster.Until(pod, found => found["status.phase"] == "Running");

    [Fact, Behaviour("Scheduler, Basic Preemption")]
    public async Task Basic_preemption()
    {
        var ns = await cluster.Namespace();
        var (low, medium, high) = (await Priority("basic-low", 1), await Priority("basic-medium", 100), await Priority("basic-high", 1000));
        await Offer("scheduling.k8s.io/basic", 5, "sim-0", "sim-1");
        // Two pods a node use all of it; the first alone is of low priority.
        var pods = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            pods.Add(await Create(ns, $"pod{i}", i == 0 ? low : medium, "scheduling.k8s.io/basic", i % 2 == 0 ? 3 : 2, $$$""","nodeSelector":{"kubernetes.io/hostname":"sim-{{{i / 2}}}"}"""));
            await Runs(pods[i]);
        }
        var preemptor = await Create(ns, "preemptor-pod", high, "scheduling.k8s.io/basic", 3);
        await Runs(preemptor);
        await cluster.Gone(pods[0]);
        foreach (var other in pods.Skip(1)) Assert.Equal(("Running", ""), ((await cluster.Get(other)).Is(200)["status.phase"], (await cluster.Get(other))["metadata.deletionTimestamp"]));
    }

    [Fact, Behaviour("Scheduler, Preemption for critical pod")]
    public async Task A_critical_pod_preempts_one_of_lower_priority()
    {
        var ns = await cluster.Namespace();
        var (low, medium) = (await Priority("critical-low", 1), await Priority("critical-medium", 100));
        await Offer("scheduling.k8s.io/critical", 5, "sim-0", "sim-1");
        var first = await Create(ns, "pod0", low, "scheduling.k8s.io/critical", 3);
        await Runs(first);
        var second = await Create(ns, "pod1", medium, "scheduling.k8s.io/critical", 3);
        await Runs(second);
        // Critical priorities are for the namespace of the system.
        var critical = await Create("kube-system", "critical-pod", "system-cluster-critical", "scheduling.k8s.io/critical", 3);
        await Runs(critical);
        await cluster.Gone(first);
        Assert.Equal("Running", (await cluster.Get(second)).Is(200)["status.phase"]);
        (await cluster.Delete(critical, """{"gracePeriodSeconds":0}""")).Is(200);
    }

    [Fact, Behaviour("Verify the DisruptionTarget condition is added to the preempted pod")]
    public async Task A_preempted_pod_says_so()
    {
        var ns = await cluster.Namespace();
        var (low, high) = (await Priority("condition-low", 1), await Priority("condition-high", 1000));
        await Offer("scheduling.k8s.io/condition", 1, "sim-0");
        var victim = await Create(ns, "victim-pod", low, "scheduling.k8s.io/condition", 1, meta: ",\"finalizers\":[\"example.com/test-finalizer\"]");
        await Runs(victim);
        var preemptor = await Create(ns, "preemptor-pod", high, "scheduling.k8s.io/condition", 1);
        var preempted = await cluster.Until(victim, found => found.Json.Condition("DisruptionTarget") is not null && found["metadata.deletionTimestamp"].Length > 0);
        Assert.Equal(("True", "PreemptionByScheduler", "default-scheduler: preempting to accommodate a higher priority pod"),
            (preempted.Json.Condition("DisruptionTarget")!.Text("status"), preempted.Json.Condition("DisruptionTarget")!.Text("reason"), preempted.Json.Condition("DisruptionTarget")!.Text("message")));
        (await cluster.Patch(victim, """{"metadata":{"finalizers":null}}""")).Is(200);
        await Runs(preemptor);
    }

    [Fact, Behaviour("Pod preemption verification")]
    public async Task No_more_pods_of_replica_sets_are_preempted_than_needed()
    {
        var ns = await cluster.Namespace();
        const string resource = "example.com/fakecpu";
        for (var i = 1; i <= 4; i++) await Priority($"p{i}", i);
        await Offer(resource, 1000, "sim-0");
        await using var watch = await cluster.Watch(Core(ns, "pods"));
        foreach (var (pod, amount) in ((string, int)[])[("1", 200), ("2", 300), ("3", 450)])
        {
            await cluster.Create(WorkloadsIn(ns, "replicasets"), Workload("ReplicaSet", "rs-pod" + pod, """ "replicas":1,""",
                Template("rs-pod" + pod, Container(more: Asks(resource, amount)), $$$""","priorityClassName":"p{{{pod}}}","nodeSelector":{"kubernetes.io/hostname":"sim-0"}""")));
            await cluster.UntilComplete($"{WorkloadsIn(ns, "replicasets")}/rs-pod{pod}", 1);
        }
        await Runs(await Create(ns, "pod4", "p4", resource, 500, ",\"nodeSelector\":{\"kubernetes.io/hostname\":\"sim-0\"}"));
        await cluster.Clock.Advance(TimeSpan.FromMinutes(1));

        // Up to this one every pod was seen being added: those of the first two sets twice, since they were preempted once.
        await cluster.Create(Core(ns, "pods"), Samples.Pod("last"));
        var added = new List<string>();
        while ((await watch.Until(e => e.Type == "ADDED")).Name is var name && name != "last") added.Add(name);
        Assert.Equal([2, 2, 1], ((string[])["rs-pod1", "rs-pod2", "rs-pod3"]).Select(set => added.Count(n => n.StartsWith(set, StringComparison.Ordinal))));
    }

    [Fact, Behaviour("Scheduler, Verify PriorityClass endpoints")]
    public async Task PriorityClass_endpoints()
    {
        const string all = "/apis/scheduling.k8s.io/v1/priorityclasses";
        foreach (var (name, value) in ((string, int)[])[("endpoints-1", 1), ("endpoints-2", 2)])
        {
            await Priority(name, value);
            var one = $"{all}/{name}";
            Assert.Contains("value: Forbidden: may not be changed in an update.", (await cluster.Patch(one, $$$"""{"value":{{{value * 10}}}}""", Cluster.Strategic)).Is(422).Message, StringComparison.Ordinal);
            var found = (await cluster.Get(one)).Is(200).Json;
            found["value"] = value * 10;
            (await cluster.Put(one, found.ToJsonString())).Is(422);
        }
        (await cluster.Patch($"{all}/endpoints-1", """{"description":"updated description"}""", Cluster.Strategic)).Is(200);
        await cluster.Update($"{all}/endpoints-2", found => found["description"] = "updated description");
        var list = (await cluster.Get(all)).Is(200).Items.Where(i => i.Name().StartsWith("endpoints-", StringComparison.Ordinal)).ToList();
        Assert.Equal(["1 updated description", "2 updated description"], list.Select(i => $"{i.Text("value")} {i.Text("description")}"));
    }
}
