namespace Coracle.Conformance.Tests;

/// <summary>Upstream: test/e2e/apimachinery/resource_quota.go, of the quotas that count some pods only.</summary>
public sealed class QuotaScopes(Cluster cluster) : IClassFixture<Cluster>
{
    private const string Resources = ""","resources":{"requests":{"cpu":"500m","memory":"200Mi"},"limits":{"cpu":"1","memory":"400Mi"}}""";
    private static readonly (string, string)[] None = [("pods", "0")], NoneOfAnything = Amounts("0", "0", "0", "0", "0"), One = [("pods", "1")], AllOfOne = Amounts("1", "500m", "200Mi", "1", "400Mi");

    private static (string, string)[] Amounts(string pods, string cpu, string memory, string cpuLimit, string memoryLimit) =>
        [("pods", pods), ("requests.cpu", cpu), ("requests.memory", memory), ("limits.cpu", cpuLimit), ("limits.memory", memoryLimit)];

    private async Task<string> Quotas(string hard, params string[] scopes)
    {
        var ns = $"/api/v1/namespaces/{await cluster.Namespace()}";
        foreach (var scope in scopes)
        {
            await cluster.Create($"{ns}/resourcequotas", $$$"""{"metadata":{"name":"{{{scope.ToLowerInvariant()}}}"},"spec":{"hard":{ {{{hard}}} },"scopes":["{{{scope}}}"]} }""");
            await Uses(ns, scope, None);
        }
        return ns;
    }

    private Task Uses(string ns, string scope, (string, string)[] used) => cluster.UsesOf($"{ns}/resourcequotas/{scope.ToLowerInvariant()}", used);

    /// <summary>A pod is counted by one quota and not by the other, until it is deleted.</summary>
    private async Task IsCounted(string ns, string pod, string by, (string, string)[] counted, string not, (string, string)[] nothing)
    {
        await cluster.Create($"{ns}/pods", pod);
        await Uses(ns, by, counted);
        await Uses(ns, not, nothing);
        var name = (await cluster.Get($"{ns}/pods")).Names.Single();
        (await cluster.Delete($"{ns}/pods/{name}", """{"gracePeriodSeconds":0}""")).Is(200);
        await Uses(ns, by, nothing);
    }

    [Fact, Behaviour("ResourceQuota, quota scope, Terminating and NotTerminating scope")]
    public async Task Quota_scope_Terminating_and_NotTerminating()
    {
        var ns = await Quotas(""" "pods":"5","requests.cpu":"1","requests.memory":"500Mi","limits.cpu":"2","limits.memory":"1Gi" """, "Terminating", "NotTerminating");
        await IsCounted(ns, Samples.Pod("test-pod", container: Resources), "NotTerminating", AllOfOne, "Terminating", NoneOfAnything);
        await IsCounted(ns, Samples.Pod("terminating-pod", spec: ""","activeDeadlineSeconds":3600""", container: Resources), "Terminating", AllOfOne, "NotTerminating", NoneOfAnything);
    }

    [Fact, Behaviour("ResourceQuota, quota scope, BestEffort and NotBestEffort scope")]
    public async Task Quota_scope_BestEffort_and_NotBestEffort()
    {
        var ns = await Quotas(""" "pods":"5" """, "BestEffort", "NotBestEffort");
        await IsCounted(ns, Samples.Pod("besteffort-pod"), "BestEffort", One, "NotBestEffort", None);
        await IsCounted(ns, Samples.Pod("burstable-pod", container: Resources), "NotBestEffort", One, "BestEffort", None);
    }
}
