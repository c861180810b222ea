using System.Text;
using static Coracle.Kinds.Tests.Judge;

namespace Coracle.Kinds.Tests;

/// <summary>Upstream's fixtures, in which every field has a value of its type but hardly one that means anything, before the rules of their kinds.</summary>
public sealed class FixtureValidationTests
{
    [Theory]
    [InlineData("core.v1.ServiceAccount", "v1", "ServiceAccount")]
    [InlineData("apps.v1.ControllerRevision", "apps/v1", "ControllerRevision")]
    public void A_fixture_without_fault_is_accepted(string file, string version, string kind)
    {
        var json = Encoding.UTF8.GetString(Reference.Bytes($"fixtures/{file}.json"));
        Assert.Empty(Errors(version, kind, json));
        Assert.Empty(Changes(version, kind, json, json));
    }

    [Theory]
    [InlineData("batch.v1.Job", "batch/v1", "Job", "spec.managedBy spec.podFailurePolicy.rules[0].action spec.podFailurePolicy.rules[0].onExitCodes.operator spec.podFailurePolicy.rules[0].onExitCodes.containerName spec.podFailurePolicy.rules[0].onPodConditions[0].status spec.podFailurePolicy.rules[0] spec.successPolicy spec.podReplacementPolicy spec.selector.matchExpressions[0].operator")]
    [InlineData("batch.v1.CronJob", "batch/v1", "CronJob", "spec.schedule spec.timeZone spec.jobTemplate.spec.managedBy spec.jobTemplate.spec.podFailurePolicy.rules[0].action spec.jobTemplate.spec.podFailurePolicy.rules[0].onExitCodes.operator spec.jobTemplate.spec.podFailurePolicy.rules[0].onExitCodes.containerName spec.jobTemplate.spec.podFailurePolicy.rules[0].onPodConditions[0].status spec.jobTemplate.spec.podFailurePolicy.rules[0] spec.jobTemplate.spec.successPolicy spec.jobTemplate.spec.podReplacementPolicy spec.jobTemplate.spec.selector spec.jobTemplate.spec.manualSelector")]
    [InlineData("core.v1.Endpoints", "v1", "Endpoints", "subsets[0].addresses[0].ip subsets[0].addresses[0].hostname subsets[0].addresses[0].nodeName subsets[0].notReadyAddresses[0].ip subsets[0].notReadyAddresses[0].hostname subsets[0].notReadyAddresses[0].nodeName subsets[0].ports[0].name")]
    [InlineData("discovery.k8s.io.v1.EndpointSlice", "discovery.k8s.io/v1", "EndpointSlice", "endpoints[0].nodeName endpoints[0].hostname endpoints[0].hints.forNodes[0].name ports[0].name")]
    [InlineData("coordination.k8s.io.v1.Lease", "coordination.k8s.io/v1", "Lease", "spec.strategy.strategy")]
    [InlineData("rbac.authorization.k8s.io.v1.Role", "rbac.authorization.k8s.io/v1", "Role", "rules[0].nonResourceURLs rules[0].nonResourceURLs")]
    [InlineData("rbac.authorization.k8s.io.v1.ClusterRole", "rbac.authorization.k8s.io/v1", "ClusterRole", "rules[0].nonResourceURLs aggregationRule.clusterRoleSelectors[0].matchExpressions[0].operator")]
    [InlineData("rbac.authorization.k8s.io.v1.RoleBinding", "rbac.authorization.k8s.io/v1", "RoleBinding", "roleRef.apiGroup roleRef.kind subjects[0].kind")]
    [InlineData("core.v1.Event", "v1", "Event", "namespace")]
    [InlineData("events.k8s.io.v1.Event", "events.k8s.io/v1", "Event", "namespace series.count type firstTimestamp lastTimestamp count source")]
    [InlineData("authorization.k8s.io.v1.SubjectAccessReview", "authorization.k8s.io/v1", "SubjectAccessReview", "spec.nonResourceAttributes spec.resourceAttributes.fieldSelector.rawSelector spec.resourceAttributes.labelSelector.rawSelector metadata")]
    public void Other_fixtures_are_refused_field_by_field(string file, string version, string kind, string fields)
    {
        var json = Encoding.UTF8.GetString(Reference.Bytes($"fixtures/{file}.json"));
        var refused = Errors(version, kind, json).Select(e => e[..e.IndexOf(": ", StringComparison.Ordinal)]).Where(f => !f.Contains(".template.", StringComparison.Ordinal));
        Assert.Equal(fields, string.Join(' ', refused));
    }
}
