using System.Text.Json.Nodes;
using static Coracle.Kinds.Tests.Judge;

namespace Coracle.Kinds.Tests;

/// <summary>Persistent volumes, claims, quotas and limits: what is refused, filled in and warned of, in upstream's words.</summary>
public sealed class VolumeKindTests
{
    private static string Volume(string rest, string capacity = """{"storage":"1Gi"}""", string modes = """["ReadWriteOnce"]""") =>
        $$$"""{"metadata":{"name":"v"},"spec":{"capacity":{{{capacity}}},"accessModes":{{{modes}}}{{{(rest.Length > 0 ? "," + rest : "")}}} } }""";

    [Theory]
    [InlineData("""  "hostPath":{"path":"/d"} """, "")]
    [InlineData("", "spec: Required value: must specify a volume type")]
    [InlineData("""  "hostPath":{"path":"/d"},"nfs":{"server":"s","path":"/p"} """, "spec.nfs: Forbidden: may not specify more than 1 volume type")]
    [InlineData("""  "hostPath":{"path":"/"},"persistentVolumeReclaimPolicy":"Recycle" """, "spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'")]
    [InlineData("""  "hostPath":{"path":"/a/../b"} """, "spec.hostPath.path: Invalid value: \"/a/../b\": must not contain '..'")]
    [InlineData("""  "local":{"path":"/d"} """, "spec.nodeAffinity: Required value: Local volume requires node affinity")]
    [InlineData("""  "local":{"path":"/d"},"nodeAffinity":{} """, "spec.nodeAffinity.required: Required value: must specify required node constraints")]
    [InlineData("""  "local":{"path":"/d"},"nodeAffinity":{"required":{"nodeSelectorTerms":[]}} """, "spec.nodeAffinity.required.nodeSelectorTerms: Required value: must have at least one node selector term")]
    [InlineData("""  "csi":{"driver":"d","volumeHandle":""} """, "spec.csi.volumeHandle: Required value")]
    [InlineData("""  "csi":{"driver":"d","volumeHandle":"h","nodePublishSecretRef":{"name":"n"}} """, "spec.csi.nodePublishSecretRef.namespace: Required value")]
    [InlineData("""  "hostPath":{"path":"/d"},"volumeMode":"Odd" """, "spec.volumeMode: Unsupported value: \"Odd\": supported values: \"Block\", \"Filesystem\"")]
    [InlineData("""  "hostPath":{"path":"/d"},"volumeAttributesClassName":"c" """, "spec.csi: Required value: has to be specified when using volumeAttributesClassName")]
    [InlineData("""  "gcePersistentDisk":{"pdName":"","partition":256} """, "spec.persistentDisk.pdName: Required value|spec.persistentDisk.partition: Invalid value: 256: must be between 0 and 255, inclusive")]
    public void A_volume_is_checked(string rest, string expected) => Assert.Equal(expected, string.Join('|', Errors("v1", "PersistentVolume", Volume(rest))));

    [Theory]
    [InlineData("{}", "[]", "spec.accessModes: Required value|spec.capacity: Required value|spec.capacity: Unsupported value: {}: supported values: \"storage\"")]
    [InlineData("""{"storage":"0"}""", """["ReadWriteOnce"]""", "spec.capacity[storage]: Invalid value: \"0\": must be greater than zero")]
    [InlineData("""{"storage":"1"}""", """["Odd"]""", "spec.accessModes: Unsupported value: \"Odd\": supported values: \"ReadOnlyMany\", \"ReadWriteMany\", \"ReadWriteOnce\", \"ReadWriteOncePod\"")]
    [InlineData("""{"storage":"1"}""", """["ReadWriteOnce","ReadWriteOncePod"]""", "spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes")]
    public void A_volumes_size_and_access_are_checked(string capacity, string modes, string expected) =>
        Assert.Equal(expected, string.Join('|', Errors("v1", "PersistentVolume", Volume("""  "hostPath":{"path":"/d"} """, capacity, modes))));

    [Fact]
    public void A_volume_keeps_its_source_mode_and_place()
    {
        var old = Volume("""  "csi":{"driver":"d","volumeHandle":"h"},"nodeAffinity":{"required":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"a","operator":"Exists"}]}]}} """);
        Assert.Empty(Changes("v1", "PersistentVolume", old, old.Replace("\"h\"", "\"h\",\"controllerExpandSecretRef\":{\"name\":\"n\",\"namespace\":\"s\"}").Replace("1Gi", "2Gi")));
        Assert.Equal(["spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation"], Changes("v1", "PersistentVolume", old, old.Replace("\"h\"", "\"i\"")));
        Assert.Equal(["nodeAffinity: Invalid value: {\"required\":{\"nodeSelectorTerms\":[{\"matchExpressions\":[{\"key\":\"b\",\"operator\":\"Exists\"}]}]}}: field is immutable"],
            Changes("v1", "PersistentVolume", old, old.Replace("\"a\"", "\"b\"")));
    }

    [Fact]
    public void A_volume_that_changes_its_phase_is_told_when()
    {
        var rules = Rules("v1", "PersistentVolume");
        var now = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var old = JsonNode.Parse("""{"status":{"phase":"Available","lastPhaseTransitionTime":"2029-01-01T00:00:00Z"}}""")!.AsObject();
        var moved = JsonNode.Parse("""{"status":{"phase":"Bound","lastPhaseTransitionTime":"2029-01-01T00:00:00Z"}}""")!.AsObject();
        var still = old.DeepClone().AsObject();
        rules.Stamp(moved, old, now);
        rules.Stamp(still, old, now);
        Assert.Equal("2030-01-01T00:00:00Z", (string)moved["status"]!["lastPhaseTransitionTime"]!);
        Assert.Equal("2029-01-01T00:00:00Z", (string)still["status"]!["lastPhaseTransitionTime"]!);
    }

    [Fact]
    public void Volumes_of_drivers_that_are_gone_are_warned_of() => Assert.Equal(
        [
            "metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use \"storageClassName\" attribute instead",
            "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.",
            "spec.rbd: deprecated in v1.28, non-functional in v1.31+",
        ],
        Warnings("v1", "PersistentVolume", """{"metadata":{"annotations":{"volume.beta.kubernetes.io/storage-class":"c"}},"spec":{"rbd":{},"persistentVolumeReclaimPolicy":"Recycle"}}"""));

    private static string Claim(string rest = "", string size = "1Gi", string phase = "Pending") =>
        $$$"""{"metadata":{"name":"c"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"{{{size}}}"} }{{{(rest.Length > 0 ? "," + rest : "")}}} },"status":{"phase":"{{{phase}}}","capacity":{"storage":"1Gi"} } }""";

    [Theory]
    [InlineData("", "")]
    [InlineData("""  "storageClassName":"Big" """, "spec.storageClassName: Invalid value: \"Big\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')")]
    [InlineData("""  "dataSource":{"kind":"Other","name":"n"} """, "spec.dataSource: Invalid value: \"Other\": must be 'PersistentVolumeClaim' when referencing the default apiGroup")]
    [InlineData("""  "dataSourceRef":{"kind":"PersistentVolumeClaim","name":""} """, "spec.dataSourceRef.name: Required value")]
    [InlineData("""  "dataSource":{"kind":"PersistentVolumeClaim","name":"a"},"dataSourceRef":{"kind":"PersistentVolumeClaim","name":"b"} """, "spec: Invalid value: \"spec.dataSource\": must match dataSourceRef")]
    public void A_claim_is_checked(string rest, string expected) => Assert.Equal(expected, string.Join('|', Errors("v1", "PersistentVolumeClaim", Claim(rest))));

    [Fact]
    public void A_claim_asks_for_something() => Assert.Equal(
        ["spec.accessModes: Required value: at least 1 access mode is required", "spec.resources[storage]: Required value"],
        Errors("v1", "PersistentVolumeClaim", """{"spec":{}}"""));

    [Fact]
    public void Of_a_claim_the_volume_is_set_once_and_the_size_grows_once_bound()
    {
        const string immutable = "spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
        string[] Change(string old, string now) => Changes("v1", "PersistentVolumeClaim", old, now);
        Assert.Empty(Change(Claim(), Claim("\"volumeName\":\"v\"")));
        Assert.Equal([immutable], Change(Claim("\"volumeName\":\"v\""), Claim("\"volumeName\":\"w\"")));
        Assert.Equal([immutable], Change(Claim(), Claim(size: "2Gi")));
        Assert.Empty(Change(Claim(phase: "Bound"), Claim(size: "2Gi", phase: "Bound")));
        Assert.Empty(Change(Claim(size: "3Gi", phase: "Bound"), Claim(size: "2Gi", phase: "Bound")));
        Assert.Equal(["spec.resources.requests.storage: Forbidden: field can not be less than status.capacity"], Change(Claim(size: "3Gi", phase: "Bound"), Claim(size: "1Gi", phase: "Bound")));
        Assert.Empty(Change(Claim(), Claim("\"storageClassName\":\"c\"")));
        Assert.Equal([immutable], Change(Claim("\"storageClassName\":\"c\""), Claim("\"storageClassName\":\"d\"")));
        Assert.Empty(Change(Claim("\"volumeAttributesClassName\":\"c\""), Claim("\"volumeAttributesClassName\":\"d\"")));
        Assert.Equal(["spec.volumeAttributesClassName: Forbidden: update from non-nil value to nil is forbidden"], Change(Claim("\"volumeAttributesClassName\":\"c\""), Claim()));
    }

    [Fact]
    public void A_claims_source_is_known_by_both_its_names()
    {
        var claim = JsonNode.Parse("""{"spec":{"dataSource":{"kind":"PersistentVolumeClaim","name":"a"}}}""")!.AsObject();
        Rules("v1", "PersistentVolumeClaim").PrepareForCreate(claim);
        Assert.Equal("""{"kind":"PersistentVolumeClaim","name":"a"}""", claim["spec"]!["dataSourceRef"]!.ToJsonString());
        var elsewhere = JsonNode.Parse("""{"spec":{"dataSourceRef":{"kind":"PersistentVolumeClaim","name":"a","namespace":"n"}}}""")!.AsObject();
        Rules("v1", "PersistentVolumeClaim").PrepareForCreate(elsewhere);
        Assert.Null(elsewhere["spec"]!["dataSource"]);
    }

    [Theory]
    [InlineData("""{"hard":{"pods":"5","requests.cpu":"1","count/jobs.batch":"3"}}""", "")]
    [InlineData("""{"hard":{"pods":"1500m"}}""", "spec.hard[pods]: Invalid value: \"1500m\": must be an integer")]
    [InlineData("""{"hard":{"storage":"1"}}""", "spec.hard[storage]: Invalid value: \"storage\": must be a standard resource for quota")]
    [InlineData("""{"hard":{"x":"1"}}""", "spec.hard[x]: Invalid value: \"x\": must be a standard resource type or fully qualified|spec.hard[x]: Invalid value: \"x\": must be a standard resource for quota")]
    [InlineData("""{"hard":{"pods":"-1"}}""", "spec.hard[pods]: Invalid value: \"-1\": must be greater than or equal to 0")]
    [InlineData("""{"hard":{"secrets":"1"},"scopes":["BestEffort"]}""", "spec.scopes: Invalid value: [\"BestEffort\"]: unsupported scope applied to resource")]
    [InlineData("""{"hard":{"pods":"1"},"scopes":["BestEffort","NotBestEffort"]}""", "spec.scopes: Invalid value: [\"BestEffort\",\"NotBestEffort\"]: conflicting scopes")]
    [InlineData("""{"hard":{"pods":"1"},"scopes":["Odd"]}""", "spec.scopes: Invalid value: [\"Odd\"]: unsupported scope")]
    [InlineData("""{"scopeSelector":{"matchExpressions":[{"scopeName":"PriorityClass","operator":"In"}]}}""", "spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector")]
    [InlineData("""{"scopeSelector":{"matchExpressions":[{"scopeName":"BestEffort","operator":"In","values":["a"]}]}}""", "spec.scopeSelector.matchExpressions.operator: Invalid value: \"In\": must be 'Exist' when scope is any of Terminating, NotTerminating, BestEffort, NotBestEffort and CrossNamespacePodAffinity")]
    public void A_quota_is_checked(string spec, string expected) => Assert.Equal(expected, string.Join('|', Errors("v1", "ResourceQuota", $$"""{"spec":{{spec}}}""")));

    [Theory]
    [InlineData("""{"type":"Container","max":{"cpu":"2"},"min":{"cpu":"1"}}""", "")]
    [InlineData("""{"type":"Odd"}""", "spec.limits[0].type: Invalid value: \"Odd\": must be a standard limit type or fully qualified")]
    [InlineData("""{"type":"Container","max":{"cpu":"1"},"min":{"cpu":"2"},"default":{"cpu":"1"},"defaultRequest":{"cpu":"1"}}""", "spec.limits[0].min[cpu]: Invalid value: \"2\": min value 2 is greater than max value 1|spec.limits[0].defaultRequest[cpu]: Invalid value: \"1\": min value 2 is greater than default request value 1|spec.limits[0].default[cpu]: Invalid value: \"2\": min value 2 is greater than default value 1")]
    [InlineData("""{"type":"Pod","default":{"cpu":"1"}}""", "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'")]
    [InlineData("""{"type":"PersistentVolumeClaim"}""", "spec.limits[0].limits: Required value: either minimum or maximum storage value is required, but neither was provided")]
    [InlineData("""{"type":"Pod","max":{"cpu":"2"},"min":{"cpu":"1"},"maxLimitRequestRatio":{"cpu":"3"}}""", "spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: \"3\": ratio 3 is greater than max/min = 2.000000")]
    [InlineData("""{"type":"Pod","maxLimitRequestRatio":{"cpu":"500m"}}""", "spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: \"500m\": ratio 500m is less than 1")]
    public void Limits_are_checked(string limit, string expected) => Assert.Equal(expected, string.Join('|', Errors("v1", "LimitRange", $$$"""{"spec":{"limits":[{{{limit}}}]}}""")));

    [Fact]
    public void Limits_of_containers_follow_from_each_other() => Assert.Equal(
        """{"type":"Container","max":{"cpu":"2"},"min":{"memory":"1Gi"},"default":{"cpu":"2"},"defaultRequest":{"cpu":"2","memory":"1Gi"}}""",
        Filled("v1", "LimitRange", """{"spec":{"limits":[{"type":"Container","max":{"cpu":"2"},"min":{"memory":"1Gi"}}]}}""")["spec"]!["limits"]![0]!.ToJsonString());

    [Theory]
    [InlineData("PersistentVolume", """{ "spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteMany","ReadWriteOnce"],"persistentVolumeReclaimPolicy":"Retain","claimRef":{"namespace":"n","name":"c"},"storageClassName":"fast","volumeMode":"Block"},"status":{"phase":"Bound"}}""", "Name=x Capacity=1Gi Access Modes=RWO,RWX Reclaim Policy=Retain Status=Bound Claim=n/c StorageClass=fast VolumeAttributesClass=<unset> Reason= Age=2d VolumeMode=Block")]
    [InlineData("PersistentVolumeClaim", """{ "spec":{"volumeName":"v","storageClassName":"fast","volumeMode":"Filesystem"},"status":{"phase":"Bound","capacity":{"storage":"2Gi"},"accessModes":["ReadWriteOncePod"]}}""", "Name=x Status=Bound Volume=v Capacity=2Gi Access Modes=RWOP StorageClass=fast VolumeAttributesClass=<unset> Age=2d VolumeMode=Filesystem")]
    [InlineData("PersistentVolumeClaim", """{ "status":{"phase":"Pending"}}""", "Name=x Status=Pending Volume= Capacity= Access Modes= StorageClass= VolumeAttributesClass=<unset> Age=2d VolumeMode=<unset>")]
    [InlineData("ResourceQuota", """{ "status":{"hard":{"pods":"5","limits.cpu":"2","cpu":"1"},"used":{"pods":"3"}}}""", "Name=x Request=cpu: 0/1, pods: 3/5 Limit=limits.cpu: 0/2 Age=2d")]
    [InlineData("LimitRange", """{ }""", "Name=x Created At=2029-12-30T12:00:00Z")]
    [InlineData("ComponentStatus", """{ "conditions":[{"type":"Healthy","status":"True","message":"ok"}] }""", "Name=x Status=Healthy Message=ok Error=")]
    public void Rows_read_as_upstream_prints_them(string kind, string json, string expected) => Assert.Equal(expected, Row.Named("v1", kind, json));
}
