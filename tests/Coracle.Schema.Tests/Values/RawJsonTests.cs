using System.Text;
using System.Text.Json;

namespace Coracle.Schema.Tests.Values;

public sealed class RawJsonTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("-1.50e+3")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("""{"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"k:{\"name\":\"main\"}":{".":{}}}}""")]
    [InlineData("""[1,[2,[]],{"a":[{}]},"\u00e9\n\"",false,null,{"b":"c","d":0.10}]""")]
    public void A_value_is_carried_as_it_came_and_reading_goes_on_behind_it(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes($$"""{"before":1,"it":{{json}},"after":2}"""));
        while (!(reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("it"u8))) reader.Read();
        reader.Read();
        Assert.Equal(json, RawJson.Read(ref reader).ToString());
        Assert.True(reader.Read() && reader.ValueTextEquals("after"u8));
    }

    [Fact]
    public void White_space_is_left_out()
    {
        var reader = new Utf8JsonReader(" { \"a\" : [ 1 , 2 ] ,\n\"b c\" : { } } "u8);
        reader.Read();
        Assert.Equal("""{"a":[1,2],"b c":{}}""", RawJson.Read(ref reader).ToString());
    }

    [Fact]
    public void A_value_that_ends_too_early_is_refused() => Assert.ThrowsAny<JsonException>(() =>
    {
        var reader = new Utf8JsonReader("""{"a":[1,"""u8);
        reader.Read();
        RawJson.Read(ref reader);
    });
}
