using Coracle.Controllers.Volumes;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Tests.Volumes;

/// <summary>Which volume a claim gets (upstream: persistentvolume/index_test.go).</summary>
public sealed class VolumeMatchTests
{
    private static string? Chosen(PersistentVolumeClaim claim, params PersistentVolume[] volumes) => VolumeMatch.Find(claim, volumes, waits: false)?.Metadata.Name;

    [Fact]
    public void The_smallest_volume_that_is_large_enough_is_chosen() =>
        Assert.Equal("five", Chosen(Storage.Claim("c", "4Gi"), Storage.Volume("ten", "10Gi"), Storage.Volume("five", "5Gi"), Storage.Volume("three", "3Gi"), Storage.Volume("seven", "7Gi")));

    [Fact]
    public void A_volume_with_just_the_modes_asked_for_goes_before_a_smaller_one_with_more() => Assert.Equal("exact", Chosen(
        Storage.Claim("c"), Storage.Volume("more", "1Gi", v => v.Spec.AccessModes = ["ReadWriteOnce", "ReadWriteMany"]), Storage.Volume("exact", "8Gi")));

    [Fact]
    public void A_volume_kept_for_the_claim_is_chosen_although_a_better_one_is_there() => Assert.Equal("kept", Chosen(
        Storage.Claim("c"), Storage.Volume("small"), Storage.Volume("kept", "50Gi", v => v.Spec.ClaimRef = new() { Namespace = "default", Name = "c" })));

    [Theory]
    [InlineData("too small")]
    [InlineData("another class")]
    [InlineData("another mode")]
    [InlineData("kept for another")]
    [InlineData("labels")]
    [InlineData("settings")]
    [InlineData("device")]
    [InlineData("going")]
    [InlineData("not available")]
    public void A_volume_that_does_not_suit_is_not_chosen(string why)
    {
        var claim = Storage.Claim("c", "2Gi", c => c.Spec.Selector = new() { MatchLabels = new() { ["disk"] = "fast" } });
        PersistentVolume Suitable() => Storage.Volume("v", "2Gi", v => v.Metadata.Labels = new() { ["disk"] = "fast" });
        Assert.Equal("v", Chosen(claim, Suitable()));
        var volume = Suitable();
        switch (why)
        {
            case "too small": volume.Spec.Capacity!["storage"] = Schema.Quantity.Parse("1Gi"); break;
            case "another class": volume.Spec.StorageClassName = "gold"; break;
            case "another mode": volume.Spec.AccessModes = ["ReadOnlyMany"]; break;
            case "kept for another": volume.Spec.ClaimRef = new() { Namespace = "default", Name = "other" }; break;
            case "labels": volume.Metadata.Labels!["disk"] = "slow"; break;
            case "settings": volume.Spec.VolumeAttributesClassName = "silver"; break;
            case "device": volume.Spec.VolumeMode = "Block"; break;
            case "going": volume.Metadata.DeletionTimestamp = DateTimeOffset.UnixEpoch; break;
            case "not available": volume.Status.Phase = "Released"; break;
        }
        Assert.Null(Chosen(claim, volume));
    }

    [Fact]
    public void A_claim_whose_class_waits_for_a_pod_gets_only_what_is_kept_for_it()
    {
        var kept = Storage.Volume("kept", with: v => v.Spec.ClaimRef = new() { Namespace = "default", Name = "c" });
        Assert.Null(VolumeMatch.Find(Storage.Claim("c"), [Storage.Volume("free")], waits: true));
        Assert.Equal("kept", VolumeMatch.Find(Storage.Claim("c"), [Storage.Volume("free"), kept], waits: true)?.Metadata.Name);
    }

    [Fact]
    public void On_a_node_only_a_volume_that_it_reaches_is_chosen()
    {
        static PersistentVolume On(string node, string name, string size) => Storage.Volume(name, size, v => v.Spec.NodeAffinity = new()
        {
            Required = new() { NodeSelectorTerms = [new() { MatchExpressions = [new() { Key = "kubernetes.io/hostname", Operator = "In", Values = [node] }] }] },
        });
        var here = new Kinds.Core.V1.Node { Metadata = new() { Name = "here", Labels = new() { ["kubernetes.io/hostname"] = "here" } } };
        PersistentVolume[] volumes = [On("there", "a", "1Gi"), On("here", "b", "9Gi"), On("here", "c", "5Gi")];
        Assert.Equal("c", VolumeMatch.FindOn(here, Storage.Claim("c"), volumes, new HashSet<string>())?.Metadata.Name);
        Assert.Equal("b", VolumeMatch.FindOn(here, Storage.Claim("c"), volumes, new HashSet<string> { "c" })?.Metadata.Name);
        Assert.Null(VolumeMatch.FindOn(here, Storage.Claim("c"), volumes, new HashSet<string> { "b", "c" }));
    }

    [Theory]
    [InlineData("size", "requested PV is too small")]
    [InlineData("class", "storageClassName does not match")]
    [InlineData("mode", "incompatible volumeMode")]
    [InlineData("access", "incompatible accessMode")]
    public void What_keeps_a_claim_from_the_volume_that_it_names_is_told_in_upstreams_words(string what, string words)
    {
        var volume = Storage.Volume("v");
        if (what == "size") volume.Spec.Capacity!["storage"] = Schema.Quantity.Parse("1");
        if (what == "class") volume.Spec.StorageClassName = "gold";
        if (what == "mode") volume.Spec.VolumeMode = "Block";
        if (what == "access") volume.Spec.AccessModes = ["ReadOnlyMany"];
        Assert.Equal(words, VolumeMatch.Refusal(Storage.Claim("c"), volume));
    }
}
