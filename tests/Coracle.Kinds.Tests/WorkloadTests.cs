using System.Text.Json.Nodes;
using Coracle.Schema;
using static Coracle.Kinds.Tests.Judge;

namespace Coracle.Kinds.Tests;

/// <summary>Stateful sets, daemon sets and replication controllers: what is refused, filled in, kept and warned of, in upstream's words.</summary>
public sealed class WorkloadTests
{
    private const string Template = """ "template":{"metadata":{"labels":{"a":"1"}},"spec":{"containers":[{"name":"c","image":"i","terminationMessagePolicy":"File","volumeMounts":[MOUNT]}]}} """;

    private static string Spec(string rest, string mount = "") =>
        $$$"""{"metadata":{"name":"x"},"spec":{ {{{Template.Replace("MOUNT", mount)}}}{{{(rest.Length > 0 ? "," + rest : "")}}} } }""";

    [Theory]
    [InlineData("""  "selector":{"matchLabels":{"a":"1"}} """, "")]
    [InlineData("", "spec.selector: Required value")]
    [InlineData("""  "selector":{} """, "spec.selector: Invalid value: {}: empty selector is invalid for statefulset")]
    [InlineData("""  "selector":{"matchLabels":{"a":"2"}} """, "spec.template.metadata.labels: Invalid value: {\"a\":\"1\"}: `selector` does not match template `labels`")]
    [InlineData("""  "selector":{"matchLabels":{"a":"1"}},"podManagementPolicy":"Any" """, "spec.podManagementPolicy: Invalid value: \"Any\": must be 'OrderedReady' or 'Parallel'")]
    [InlineData("""  "selector":{"matchLabels":{"a":"1"}},"updateStrategy":{"type":"Any"} """, "spec.updateStrategy: Invalid value: {\"type\":\"Any\"}: must be 'RollingUpdate' or 'OnDelete'")]
    [InlineData("""  "selector":{"matchLabels":{"a":"1"}},"updateStrategy":{"type":"OnDelete","rollingUpdate":{"partition":1}} """, "spec.updateStrategy.rollingUpdate: Invalid value: {\"partition\":1}: only allowed for updateStrategy 'RollingUpdate'")]
    [InlineData("""  "selector":{"matchLabels":{"a":"1"}},"updateStrategy":{"rollingUpdate":{"partition":-1}} """, "spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("""  "selector":{"matchLabels":{"a":"1"}},"updateStrategy":{"rollingUpdate":{"maxUnavailable":0}} """, "spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: 0: cannot be 0")]
    [InlineData("""  "selector":{"matchLabels":{"a":"1"}},"updateStrategy":{"rollingUpdate":{"maxUnavailable":"101%"}} """, "spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: \"101%\": must not be greater than 100%")]
    [InlineData("""  "selector":{"matchLabels":{"a":"1"}},"replicas":-1,"minReadySeconds":-1,"ordinals":{"start":-1} """, "spec.replicas: Invalid value: -1: must be greater than or equal to 0|spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0|spec.ordinals.start: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("""  "selector":{"matchLabels":{"a":"1"}},"persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Keep"} """, "spec.persistentVolumeClaimRetentionPolicy.whenDeleted: Unsupported value: \"Keep\": supported values: \"Retain\", \"Delete\"")]
    public void A_stateful_set_is_checked(string rest, string expected) => Assert.Equal(expected, string.Join('|', Errors("apps/v1", "StatefulSet", Spec(rest))));

    [Fact]
    public void A_stateful_sets_template_may_mount_the_claims_it_makes()
    {
        const string claims = """ "selector":{"matchLabels":{"a":"1"}},"volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}] """;
        Assert.Empty(Errors("apps/v1", "StatefulSet", Spec(claims, """{"name":"data","mountPath":"/d"}""")));
        Assert.Equal(["spec.template.spec.containers[0].volumeMounts[0].name: Not found: \"other\""],
            Errors("apps/v1", "StatefulSet", Spec(claims, """{"name":"other","mountPath":"/d"}""")));
    }

    [Fact]
    public void Of_a_stateful_set_only_some_fields_change()
    {
        const string selector = """ "selector":{"matchLabels":{"a":"1"}} """;
        var old = Spec(selector + ""","serviceName":"s" """);
        Assert.Empty(Changes("apps/v1", "StatefulSet", old, Spec(selector + ""","serviceName":"s","replicas":4,"ordinals":{"start":2},"revisionHistoryLimit":3,"minReadySeconds":5,"updateStrategy":{"type":"OnDelete"},"persistentVolumeClaimRetentionPolicy":{"whenScaled":"Delete"}""")));
        Assert.Equal(["spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"],
            Changes("apps/v1", "StatefulSet", old, Spec(selector + ""","serviceName":"t" """)));
        Assert.Equal(["status.readyReplicas: Invalid value: 3: cannot be greater than status.replicas", "status.collisionCount: Invalid value: 1: cannot be decremented"],
            Changes("apps/v1", "StatefulSet", """{"status":{"collisionCount":2}}""", """{"status":{"replicas":2,"readyReplicas":3,"collisionCount":1}}""", "status"));
    }

    [Fact]
    public void A_stateful_set_is_filled_in()
    {
        var set = Filled("apps/v1", "StatefulSet", Spec("""  "volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"]}}] """));
        var spec = set["spec"]!;
        Assert.Equal("""{"type":"RollingUpdate","rollingUpdate":{"partition":0,"maxUnavailable":1}}""", spec["updateStrategy"]!.ToJsonString());
        Assert.Equal("""{"whenDeleted":"Retain","whenScaled":"Retain"}""", spec["persistentVolumeClaimRetentionPolicy"]!.ToJsonString());
        Assert.Equal((1, 10, "OrderedReady"), ((int)spec["replicas"]!, (int)spec["revisionHistoryLimit"]!, (string)spec["podManagementPolicy"]!));
        var claim = spec["volumeClaimTemplates"]![0]!;
        Assert.Equal(("PersistentVolumeClaim", "v1", "Filesystem", "Pending"),
            ((string)claim["kind"]!, (string)claim["apiVersion"]!, (string)claim["spec"]!["volumeMode"]!, (string)claim["status"]!["phase"]!));
        Assert.Equal("""{"type":"RollingUpdate"}""", Filled("apps/v1", "StatefulSet", """{"spec":{"updateStrategy":{"type":"RollingUpdate"}}}""")["spec"]!["updateStrategy"]!.ToJsonString());
    }

    [Fact]
    public void A_stateful_set_with_a_history_without_end_is_warned_of() =>
        Assert.Equal(["spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended"],
            Warnings("apps/v1", "StatefulSet", Spec(""" "revisionHistoryLimit":-1 """)));

    [Theory]
    [InlineData("""  "selector":{"matchLabels":{"a":"1"}} """, "")]
    [InlineData("", "spec.template.metadata.labels: Invalid value: {\"a\":\"1\"}: `selector` does not match template `labels`")]
    [InlineData("""  "selector":{} """, "spec.selector: Invalid value: {}: empty selector is invalid for daemonset")]
    [InlineData("""  "selector":{"matchLabels":{"a":"2"}} """, "spec.template.metadata.labels: Invalid value: {\"a\":\"1\"}: `selector` does not match template `labels`")]
    [InlineData("""  "selector":{"matchLabels":{"a":"1"}},"updateStrategy":{"type":"Any"} """, "spec.updateStrategy: Unsupported value: {\"type\":\"Any\"}: supported values: \"RollingUpdate\", \"OnDelete\"")]
    [InlineData("""  "selector":{"matchLabels":{"a":"1"}},"updateStrategy":{"rollingUpdate":{"maxUnavailable":0}} """, "spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0")]
    [InlineData("""  "selector":{"matchLabels":{"a":"1"}},"updateStrategy":{"rollingUpdate":{"maxSurge":"10%"}} """, "spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: \"10%\": may not be set when maxUnavailable is non-zero")]
    [InlineData("""  "selector":{"matchLabels":{"a":"1"}},"updateStrategy":{"rollingUpdate":{"maxSurge":"x","maxUnavailable":0}} """, "spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: \"x\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')")]
    [InlineData("""  "selector":{"matchLabels":{"a":"1"}},"revisionHistoryLimit":-1 """, "spec.revisionHistoryLimit: Invalid value: -1: must be greater than or equal to 0")]
    public void A_daemon_set_is_checked(string rest, string expected) => Assert.Equal(expected, string.Join('|', Errors("apps/v1", "DaemonSet", Spec(rest))));

    [Fact]
    public void A_daemon_sets_template_has_a_generation_of_its_own()
    {
        var rules = Rules("apps/v1", "DaemonSet");
        JsonObject Set(string json) => JsonNode.Parse(json)!.AsObject();
        string Generation(JsonObject set) => (string)set["metadata"]!["annotations"]!["deprecated.daemonset.template.generation"]!;

        var set = Set("""{"metadata":{},"spec":{"template":{"spec":{"nodeName":"a"}}}}""");
        rules.PrepareForCreate(set);
        Assert.Equal("1", Generation(set));
        var same = Set("""{"metadata":{"annotations":{"deprecated.daemonset.template.generation":"7"}},"spec":{"minReadySeconds":1,"template":{"spec":{"nodeName":"a"}}}}""");
        rules.PrepareForUpdate(same, set, "");
        Assert.Equal("1", Generation(same));
        var other = Set("""{"metadata":{},"spec":{"template":{"spec":{"nodeName":"b"}}}}""");
        rules.PrepareForUpdate(other, set, "");
        Assert.Equal("2", Generation(other));
    }

    [Theory]
    [InlineData("""  "selector":{"a":"1"} """, "")]
    [InlineData("", "")]
    [InlineData("""  "selector":{"a":"2"} """, "spec.template.metadata.labels: Invalid value: {\"a\":\"1\"}: `selector` does not match template `labels`")]
    [InlineData("""  "replicas":-1,"minReadySeconds":-2 """, "spec.minReadySeconds: Invalid value: -2: must be greater than or equal to 0|spec.replicas: Invalid value: -1: must be greater than or equal to 0")]
    public void A_replication_controller_is_checked(string rest, string expected) => Assert.Equal(expected, string.Join('|', Errors("v1", "ReplicationController", Spec(rest))));

    [Fact]
    public void A_replication_controller_without_template_is_refused() =>
        Assert.Equal(["spec.selector: Required value", "spec.template: Required value"], Errors("v1", "ReplicationController", """{"spec":{}}"""));

    [Fact]
    public void A_replication_controller_takes_its_labels_and_selector_from_the_template()
    {
        var obj = Filled("v1", "ReplicationController", Spec(""));
        Assert.Equal("""{"a":"1"}""", obj["spec"]!["selector"]!.ToJsonString());
        Assert.Equal("""{"a":"1"}""", obj["metadata"]!["labels"]!.ToJsonString());
        Assert.Equal(1, (int)obj["spec"]!["replicas"]!);
    }

    [Theory]
    [InlineData("apps/v1", "StatefulSet", """{ "spec":{"replicas":3,TEMPLATE},"status":{"readyReplicas":2}}""", "Name=x Ready=2/3 Age=2d Containers=c Images=i")]
    [InlineData("apps/v1", "DaemonSet", """{ "spec":{"selector":{"matchLabels":{"a":"1"}},"template":{"spec":{"nodeSelector":{"b":"2","a":"1"},"containers":[{"name":"c","image":"i"}]}}},"status":{"desiredNumberScheduled":5,"currentNumberScheduled":4,"numberReady":3,"updatedNumberScheduled":2,"numberAvailable":1}}""", "Name=x Desired=5 Current=4 Ready=3 Up-to-date=2 Available=1 Node Selector=a=1,b=2 Age=2d Containers=c Images=i Selector=a=1")]
    [InlineData("v1", "ReplicationController", """{ "spec":{"replicas":3,"selector":{"a":"1"},TEMPLATE},"status":{"replicas":2,"readyReplicas":1}}""", "Name=x Desired=3 Current=2 Ready=1 Age=2d Containers=c Images=i Selector=a=1")]
    public void Rows_read_as_upstream_prints_them(string version, string kind, string json, string expected) =>
        Assert.Equal(expected, Row.Named(version, kind, json.Replace("TEMPLATE", """ "template":{"spec":{"containers":[{"name":"c","image":"i"}]}} """)));
}
