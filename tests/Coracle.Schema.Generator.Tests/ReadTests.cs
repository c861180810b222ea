using System.Text.Json;
using Samples.V1;

namespace Coracle.Schema.Generator.Tests;

public sealed class ReadTests
{
    [Fact]
    public void Null_for_any_field_is_as_if_the_field_were_absent()
    {
        var names = Shapes.Schema.Properties.Select(property => $"\"{property.Name}\":null");

        Assert.Equal(Text.Of(new Shapes()), Text.Of(Text.Read<Shapes>($"{{{string.Join(",", names)}}}")));
    }

    [Fact]
    public void Null_for_a_whole_object_is_an_object_without_fields() => Assert.True(Text.Read<Leaf>("null").IsZero);

    [Fact]
    public void Null_in_a_list_or_map_is_the_zero_value()
    {
        var shapes = Text.Read<Shapes>("""{"texts":["a",null],"leaves":[null],"numbers":[null,2],"leafMap":{"k":null},"quantityMap":{"k":null},"bytesMap":{"k":null},"textsMap":{"k":null}}""");

        Assert.Equal(["a", ""], shapes.Texts!);
        Assert.True(shapes.Leaves!.Single().IsZero);
        Assert.Equal([0, 2], shapes.Numbers!);
        Assert.True(shapes.LeafMap!["k"].IsZero);
        Assert.Equal(default, shapes.QuantityMap!["k"]);
        Assert.Empty(shapes.BytesMap!["k"]);
        Assert.Empty(shapes.TextsMap!["k"]);
    }

    [Fact]
    public void Unknown_fields_are_skipped_with_all_that_is_in_them() =>
        Assert.Equal("x", Text.Read<Leaf>("""{"other":{"name":"no","deep":[{"name":[1,{}]}]},"nam":1,"names":2,"Name":"no","name":"x"}""").Name);

    [Fact]
    public void A_name_with_escapes_is_the_name_it_stands_for() => Assert.Equal("x", Text.Read<Leaf>("""{"n\u0061me":"x"}""").Name);

    [Fact]
    public void The_last_of_two_values_counts() => Assert.Equal("b", Text.Read<Leaf>("""{"name":"a","name":"b"}""").Name);

    [Theory]
    [InlineData("text", "1", "expected a string but found the number 1 at byte 8")]
    [InlineData("text", "{}", "expected a string but found an object at byte 8")]
    [InlineData("int", "\"1\"", "expected a 32-bit integer but found the string \"1\" at byte 7")]
    [InlineData("int", "1.5", "expected a 32-bit integer but found the number 1.5 at byte 7")]
    [InlineData("int", "2147483648", "expected a 32-bit integer but found the number 2147483648 at byte 7")]
    [InlineData("long", "true", "expected a 64-bit integer but found true at byte 8")]
    [InlineData("double", "[]", "expected a number but found an array at byte 10")]
    [InlineData("bool", "\"true\"", "expected true or false but found the string \"true\" at byte 8")]
    [InlineData("time", "\"yesterday\"", "expected an RFC 3339 time but found the string \"yesterday\" at byte 8")]
    [InlineData("maybeTime", "\"2020-01-02T03:04:05\"", "expected an RFC 3339 time but found the string \"2020-01-02T03:04:05\" at byte 13")]
    [InlineData("maybeTime", "\"2020-01-02\"", "expected an RFC 3339 time but found the string \"2020-01-02\" at byte 13")]
    [InlineData("maybeTime", "\"2020-01-02T03:04+07:00\"", "expected an RFC 3339 time but found the string \"2020-01-02T03:04+07:00\" at byte 13")]
    [InlineData("bytes", "\"?\"", "expected a base64 string but found the string \"?\" at byte 9")]
    [InlineData("quantity", "\"much\"", "expected a quantity but found the string \"much\" at byte 12")]
    [InlineData("leaf", "[]", "expected an object but found an array at byte 8")]
    [InlineData("leaf", "\"x\"", "expected an object but found the string \"x\" at byte 8")]
    [InlineData("leaves", "{}", "expected an array but found an object at byte 10")]
    [InlineData("texts", "[1]", "expected a string but found the number 1 at byte 10")]
    [InlineData("textMap", "[]", "expected an object but found an array at byte 11")]
    public void A_value_of_a_wrong_type_is_refused_with_what_was_expected(string field, string json, string message)
    {
        var error = Assert.Throws<JsonException>(() => Text.Read<Shapes>($"{{\"{field}\":{json}}}"));

        Assert.Equal(message, error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"texts\":[\"a\"")]
    [InlineData("{\"unknown\":{")]
    [InlineData("{\"int\":-}")]
    [InlineData("{} {}")]
    [InlineData("{}]")]
    public void Broken_JSON_is_refused(string json) => Assert.ThrowsAny<JsonException>(() => Text.Read<Shapes>(json));

    [Fact]
    public void Times_are_read_with_any_offset_and_fraction_and_kept_in_UTC()
    {
        var shapes = Text.Read<Shapes>("""{"maybeTime":"2020-01-02T03:04:05+07:00","micro":"2020-01-02T03:04:05.123456789Z"}""");

        Assert.Equal(new DateTimeOffset(2020, 1, 1, 20, 4, 5, TimeSpan.Zero), shapes.MaybeTime);
        Assert.Equal(TimeSpan.Zero, shapes.MaybeTime!.Value.Offset);
        Assert.Equal("2020-01-02T03:04:05.123456Z", Text.Read<JsonHolder>(Text.Of(shapes)).Micro);
    }

    [Fact]
    public void Texts_that_differ_in_one_byte_are_different_texts()
    {
        for (var length = 1; length <= 40; length++)
            for (var position = 0; position < length; position++)
            {
                var plain = new string('a', length);
                var other = plain.Remove(position, 1).Insert(position, "b");

                Assert.Equal([plain, other, plain], Text.Read<Shapes>($$"""{"texts":["{{plain}}","{{other}}","{{plain}}"]}""").Texts!);
            }
    }

    [Fact]
    public void Objects_share_the_short_texts_that_they_have_in_common() =>
        Assert.Same(Text.Read<Leaf>("""{"name":"kubernetes.io/hostname"}""").Name, Text.Read<Leaf>("""{"name":"kubernetes.io/hostname"}""").Name);

    [Fact]
    public void A_quantity_may_be_a_plain_number() => Assert.Equal("3", Text.Read<Shapes>("""{"quantity":3}""").Quantity.ToString());

    [Fact]
    public void Types_that_contain_themselves_are_read_to_any_depth()
    {
        const int depth = 200;
        var json = string.Concat(Enumerable.Repeat("""{"name":"p","inner":""", depth)) + "{}" + new string('}', depth);

        var part = Text.Read<WidgetPart>(json);

        var count = 0;
        for (var p = part; p.Inner is not null; p = p.Inner) count++;
        Assert.Equal(depth, count);
    }
}
