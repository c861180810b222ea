using static Coracle.Kinds.Tests.Judge;

namespace Coracle.Kinds.Tests;

/// <summary>What is refused, warned of and shown of the kinds of storage.k8s.io, in upstream's words.</summary>
public sealed class StorageTests
{
    private const string Version = "storage.k8s.io/v1";
    private const string Fixed = "field is immutable";
    private const string Subdomain = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private const string QualifiedName = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    [Theory]
    [InlineData("""{"provisioner":"example.com/Disk"}""", "")]
    [InlineData("""{}""", "provisioner: Required value")]
    [InlineData("""{"provisioner":"A b"}""", "provisioner: Invalid value: \"a b\": " + QualifiedName)]
    [InlineData("""{"provisioner":"p","parameters":{"":"v"}}""", "parameters: Invalid value: \"\": field can not be empty.")]
    [InlineData("""{"provisioner":"p","reclaimPolicy":"Recycle","volumeBindingMode":"Later"}""", "reclaimPolicy: Unsupported value: \"Recycle\": supported values: \"Delete\", \"Retain\"|volumeBindingMode: Unsupported value: \"Later\": supported values: \"Immediate\", \"WaitForFirstConsumer\"")]
    [InlineData("""{"provisioner":"p","allowedTopologies":[{"matchLabelExpressions":[{"key":"z","values":["a","a"]},{"key":"z","values":[]}]}]}""", "allowedTopologies[0].matchLabelExpressions[0].values[1]: Duplicate value: \"a\"|allowedTopologies[0].matchLabelExpressions[1].values: Required value|allowedTopologies[0].matchLabelExpressions[1].key: Duplicate value: \"z\"")]
    [InlineData("""{"provisioner":"p","allowedTopologies":[{"matchLabelExpressions":[{"key":"z","values":["a","b"]}]},{"matchLabelExpressions":[{"key":"z","values":["b","a"]}]}]}""", "allowedTopologies[1].matchLabelExpressions: Duplicate value: \"\"")]
    public void A_storage_class_is_checked(string json, string expected) => Assert.Equal(expected, string.Join('|', Errors(Version, "StorageClass", json)));

    [Fact]
    public void A_storage_class_stays_what_it_is()
    {
        Assert.Equal(
            ["parameters: Forbidden: updates to parameters are forbidden.", "provisioner: Forbidden: updates to provisioner are forbidden.", "reclaimPolicy: Forbidden: updates to reclaimPolicy are forbidden.", "volumeBindingMode: Invalid value: \"WaitForFirstConsumer\": " + Fixed],
            Changes(Version, "StorageClass", """{"provisioner":"p"}""", """{"provisioner":"q","parameters":{"a":"b"},"reclaimPolicy":"Retain","volumeBindingMode":"WaitForFirstConsumer"}"""));
        Assert.Empty(Changes(Version, "StorageClass", """{"provisioner":"p"}""", """{"provisioner":"p","allowVolumeExpansion":true,"mountOptions":["ro"]}"""));
    }

    [Fact]
    public void Old_labels_of_nodes_are_warned_of()
    {
        Assert.Equal(["allowedTopologies[0].matchLabelExpressions[0].key: deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead"],
            Warnings(Version, "StorageClass", """{"provisioner":"p","allowedTopologies":[{"matchLabelExpressions":[{"key":"failure-domain.beta.kubernetes.io/zone","values":["a"]}]}]}"""));
        Assert.Equal(["nodeTopology.matchExpressions[0].key: beta.kubernetes.io/os is deprecated since v1.14; use \"kubernetes.io/os\" instead", "nodeTopology.matchLabels.beta.kubernetes.io/arch: deprecated since v1.14; use \"kubernetes.io/arch\" instead"],
            Warnings(Version, "CSIStorageCapacity", """{"storageClassName":"s","nodeTopology":{"matchLabels":{"beta.kubernetes.io/arch":"a"},"matchExpressions":[{"key":"beta.kubernetes.io/os","operator":"Exists"}]}}"""));
    }

    [Theory]
    [InlineData("""{}""", "")]
    [InlineData("""{"fsGroupPolicy":"Some"}""", "spec.fsGroupPolicy: Unsupported value: \"Some\": supported values: \"File\", \"None\", \"ReadWriteOnceWithFSType\"")]
    [InlineData("""{"tokenRequests":[{"audience":"a"},{"audience":"a"},{"audience":"b","expirationSeconds":599},{"audience":"c","expirationSeconds":4294967297}]}""", "spec.tokenRequests[1].audience: Duplicate value: \"a\"|spec.tokenRequests[2].expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes|spec.tokenRequests[3].expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds")]
    [InlineData("""{"volumeLifecycleModes":["Forever"]}""", "spec.volumeLifecycleModes: Unsupported value: \"Forever\": supported values: \"Persistent\", \"Ephemeral\"")]
    [InlineData("""{"nodeAllocatableUpdatePeriodSeconds":9}""", "spec.nodeAllocatableUpdatePeriodSeconds: Invalid value: 9: must be greater than or equal to 10 seconds")]
    [InlineData("""{"serviceAccountTokenInSecrets":true}""", "spec.serviceAccountTokenInSecrets: Invalid value: true: serviceAccountTokenInSecrets is set but no tokenRequests are specified")]
    public void A_storage_driver_is_checked(string spec, string expected) => Assert.Equal(expected, string.Join('|', Errors(Version, "CSIDriver", $$"""{"spec":{{spec}}}""")));

    [Fact]
    public void Some_of_a_storage_driver_stays() =>
        Assert.Equal(["spec.attachedRequired: Invalid value: false: " + Fixed, "spec.volumeLifecycleModes: Invalid value: [\"Ephemeral\"]: " + Fixed],
            Changes(Version, "CSIDriver", """{"spec":{}}""", """{"spec":{"attachRequired":false,"podInfoOnMount":true,"volumeLifecycleModes":["Ephemeral"]}}"""));

    [Theory]
    [InlineData("""[{"name":"d","nodeID":"n","topologyKeys":["a.b/z"],"allocatable":{"count":0}}]""", "")]
    [InlineData("""[{"name":"","nodeID":""}]""", "spec.drivers[0].name: Required value|spec.drivers[0].name: Invalid value: \"\": " + Subdomain + "|spec.drivers[0].nodeID: Required value")]
    [InlineData("""[{"name":"d","nodeID":"n","allocatable":{"count":-1}}]""", "spec.drivers[0].allocatable.count: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("""[{"name":"d","nodeID":"n"},{"name":"d","nodeID":"m","topologyKeys":["k","k"]}]""", "spec.drivers[1].name: Duplicate value: \"d\"|spec.drivers[1]: Duplicate value: \"k\"")]
    public void The_drivers_of_a_node_are_checked(string drivers, string expected) => Assert.Equal(expected, string.Join('|', Errors(Version, "CSINode", $$$"""{"spec":{"drivers":{{{drivers}}}}}""")));

    [Fact]
    public void A_driver_of_a_node_may_change_how_many_volumes_there_may_be_and_nothing_else()
    {
        const string old = """{"spec":{"drivers":[{"name":"d","nodeID":"n","topologyKeys":["k"],"allocatable":{"count":1}}]}}""";
        Assert.Empty(Changes(Version, "CSINode", old, """{"spec":{"drivers":[{"name":"d","nodeID":"n","topologyKeys":["k"],"allocatable":{"count":2}},{"name":"e","nodeID":"m"}]}}"""));
        Assert.Equal(["spec.drivers: Invalid value: {\"Name\":\"d\",\"NodeID\":\"o\",\"TopologyKeys\":[\"k\"],\"Allocatable\":null}: " + Fixed],
            Changes(Version, "CSINode", old, """{"spec":{"drivers":[{"name":"d","nodeID":"o","topologyKeys":["k"]}]}}"""));
    }

    [Fact]
    public void A_capacity_is_checked_and_stays_where_it_is()
    {
        Assert.Equal(["storageClassName: Invalid value: \"S\": " + Subdomain, "capacity: Invalid value: \"-1\": must be greater than or equal to 0"],
            Errors(Version, "CSIStorageCapacity", """{"storageClassName":"S","capacity":"-1"}"""));
        Assert.Equal(["nodeTopology: Invalid value: {\"matchLabels\":{\"a\":\"b\"}}: " + Fixed, "storageClassName: Invalid value: \"t\": " + Fixed],
            Changes(Version, "CSIStorageCapacity", """{"storageClassName":"s"}""", """{"storageClassName":"t","nodeTopology":{"matchLabels":{"a":"b"}},"capacity":"1Gi"}"""));
    }

    [Fact]
    public void A_class_of_attributes_is_checked_and_stays_what_it_is()
    {
        Assert.Equal(["driverName: Required value", "parameters: Required value: must contain at least one key/value pair"], Errors(Version, "VolumeAttributesClass", "{}"));
        Assert.Equal(["driverName: Forbidden: updates to driverName are forbidden.", "parameters: Forbidden: updates to parameters are forbidden."],
            Changes(Version, "VolumeAttributesClass", """{"driverName":"d","parameters":{"a":"1"}}""", """{"driverName":"e","parameters":{"a":"2"}}"""));
    }

    [Theory]
    [InlineData("""{"attacher":"d.example","nodeName":"n","source":{"persistentVolumeName":"v"}}""", "")]
    [InlineData("""{"attacher":"","nodeName":"n","source":{}}""", "spec.attacher: Required value|spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName|spec.attacher: Required value|spec.attacher: Invalid value: \"\": " + Subdomain)]
    [InlineData("""{"attacher":"d","nodeName":"N","source":{"persistentVolumeName":"v","inlineVolumeSpec":{}}}""", "spec.source: Forbidden: must specify exactly one of inlineVolumeSpec and persistentVolumeName|spec.nodeName: Invalid value: \"N\": " + Subdomain)]
    [InlineData("""{"attacher":"d","nodeName":"n","source":{"inlineVolumeSpec":{"accessModes":["ReadWriteOnce"],"csi":{"driver":"d","volumeHandle":"h"}}}}""", "")]
    [InlineData("""{"attacher":"d","nodeName":"n","source":{"inlineVolumeSpec":{"accessModes":["ReadWriteOnce"],"capacity":{"storage":"1Gi"},"storageClassName":"s","csi":{"driver":"d","volumeHandle":"h"}}}}""", "spec.source.inlineVolumeSpec.capacity: Forbidden: may not be specified in the context of inline volumes|spec.source.inlineVolumeSpec.storageClassName: Forbidden: may not be specified in the context of inline volumes")]
    public void An_attachment_is_checked(string spec, string expected) => Assert.Equal(expected, string.Join('|', Errors(Version, "VolumeAttachment", $$"""{"spec":{{spec}}}""")));

    [Fact]
    public void What_is_attached_where_stays()
    {
        const string old = """{"spec":{"attacher":"d","nodeName":"n","source":{"persistentVolumeName":"v"}}}""";
        Assert.EndsWith(": field is immutable", Assert.Single(Changes(Version, "VolumeAttachment", old, old.Replace("\"n\"", "\"m\"", StringComparison.Ordinal))));
        Assert.Equal(["status.attachError.errorCode: Invalid value: -1: must be between 0 and 2147483647, inclusive"],
            Changes(Version, "VolumeAttachment", old, old[..^1] + ""","status":{"attached":false,"attachError":{"errorCode":-1}}}""", "status"));
    }

    [Theory]
    [InlineData("VolumeAttachment", "Name:str/name Attacher:str PV:str Node:str Attached:boo Age:str", """{"spec":{"attacher":"d","nodeName":"n","source":{"persistentVolumeName":"v"}},"status":{"attached":true}}""", "x|d|v|n|True|2d")]
    [InlineData("StorageClass", "Name:str/name Provisioner:str ReclaimPolicy:str VolumeBindingMode:str AllowVolumeExpansion:str Age:str", """{"metadata":{"annotations":{"storageclass.kubernetes.io/is-default-class":"true"}},"provisioner":"p","reclaimPolicy":"Retain","volumeBindingMode":"Immediate","allowVolumeExpansion":true}""", "x (default)|p|Retain|Immediate|True|2d")]
    [InlineData("CSIDriver", "Name:str/name AttachRequired:boo PodInfoOnMount:boo StorageCapacity:boo TokenRequests:str RequiresRepublish:boo Modes:str Age:str", """{"spec":{}}""", "x|True|False|False|<unset>|False|<none>|2d")]
    [InlineData("CSIDriver", "Name:str/name AttachRequired:boo PodInfoOnMount:boo StorageCapacity:boo TokenRequests:str RequiresRepublish:boo Modes:str Age:str", """{"spec":{"attachRequired":false,"tokenRequests":[{"audience":"a"},{"audience":"b"}],"volumeLifecycleModes":["Persistent","Ephemeral"]}}""", "x|False|False|False|a,b|False|Persistent,Ephemeral|2d")]
    [InlineData("CSINode", "Name:str/name Drivers:int Age:str", """{"spec":{"drivers":[{"name":"d","nodeID":"n"}]}}""", "x|1|2d")]
    [InlineData("CSIStorageCapacity", "Name:str/name StorageClassName:str Capacity:str", """{"storageClassName":"s"}""", "x|s|<unset>")]
    [InlineData("CSIStorageCapacity", "Name:str/name StorageClassName:str Capacity:str", """{"storageClassName":"s","capacity":"1Gi"}""", "x|s|1Gi")]
    [InlineData("VolumeAttributesClass", "Name:str/name DriverName:str Age:str", """{"driverName":"d"}""", "x|d|2d")]
    public void Rows_are_upstreams(string kind, string heading, string json, string row)
    {
        Assert.Equal(heading, Row.Heading(Version, kind));
        Assert.Equal(row, Row.Of(Version, kind, json));
    }
}
