using System.Text;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Tests;

public sealed class NamespaceConditionsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void All_five_conditions_are_told_in_upstreams_words()
    {
        var remaining = new RemainingContent { DiscoveryFailure = "no answer" };
        remaining.Failures.AddRange(["b failed", "a failed"]);
        remaining.Objects["pods."] = 2;
        remaining.Objects["widgets.example.com"] = 1;
        remaining.Finalizers["x/y"] = 3;
        List<NamespaceCondition> conditions = [];
        Assert.True(NamespaceConditions.Update(conditions, remaining, Noon));
        Assert.Equal(
        [
            "NamespaceDeletionDiscoveryFailure True DiscoveryFailed no answer",
            "NamespaceDeletionGroupVersionParsingFailure False ParsedGroupVersions All legacy kube types successfully parsed",
            "NamespaceDeletionContentFailure True ContentDeletionFailed Failed to delete all resource types, 2 remaining: a failed, b failed",
            "NamespaceContentRemaining True SomeResourcesRemain Some resources are remaining: pods. has 2 resource instances, widgets.example.com has 1 resource instances",
            "NamespaceFinalizersRemaining True SomeFinalizersRemain Some content in the namespace has finalizers remaining: x/y in 3 resource instances",
        ], conditions.Select(c => $"{c.Type} {c.Status} {c.Reason} {c.Message}"));
        Assert.False(NamespaceConditions.Update(conditions, remaining, Noon.AddHours(1)));
        Assert.True(NamespaceConditions.Update(conditions, new(), Noon.AddHours(1)));
        Assert.Equal(Noon, conditions[1].LastTransitionTime);
        Assert.Equal(Noon.AddHours(1), conditions[4].LastTransitionTime);
    }

    [Fact]
    public void Discovery_takes_the_preferred_version_of_what_lives_in_namespaces_and_can_be_deleted()
    {
        const string document = """
            {"items":[
              {"metadata":{"name":"example.com"},"versions":[
                {"version":"v1","freshness":"Current","resources":[
                  {"resource":"widgets","scope":"Namespaced","responseKind":{"kind":"Widget"},"verbs":["delete","list","deletecollection"]},
                  {"resource":"plans","scope":"Cluster","responseKind":{"kind":"Plan"},"verbs":["delete","list"]}]},
                {"version":"v1beta1","freshness":"Current","resources":[
                  {"resource":"widgets","scope":"Namespaced","responseKind":{"kind":"Widget"},"verbs":["delete","list"]},
                  {"resource":"gadgets","scope":"Namespaced","responseKind":{"kind":"Gadget"},"verbs":["delete","list"]},
                  {"resource":"reviews","scope":"Namespaced","responseKind":{"kind":"Review"},"verbs":["create"]}]}]},
              {"metadata":{"name":"metrics.k8s.io"},"versions":[{"version":"v1beta1","freshness":"Stale"}]}]}
            """;
        var resources = NamespacedResources.Read(Encoding.UTF8.GetBytes(document));
        Assert.Equal([("v1", "widgets", true), ("v1beta1", "gadgets", false)], resources.Found.Select(r => (r.Resource.Version, r.Resource.Plural, r.CanDeleteCollection)));
        Assert.Equal(["metrics.k8s.io/v1beta1"], resources.Stale);
    }
}
